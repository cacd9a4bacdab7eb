// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>What is known about a published set of images.</summary>
/// <param name="Folder">Name of its folder.</param>
/// <param name="MirrorUrl">Where its four files can be downloaded, each as gzip.</param>
/// <param name="ClassNames">Name of each class, by label.</param>
/// <param name="Checksums">SHA-256 of each uncompressed file, in the order of <see cref="FileNames"/>.</param>
/// <param name="Accuracy">Accuracy of rank voting with k = 10 and cosine on all of it, measured with FAISS.</param>
/// <param name="QuickFloor">Accuracy that the quick cut must reach.</param>
internal sealed record ImageCatalog(
    string Folder, string MirrorUrl, string[] ClassNames, string[] Checksums, double Accuracy, double QuickFloor)
{
    /// <summary>The files of every set: images and labels to remember, images and labels to ask about.</summary>
    public static IReadOnlyList<string> FileNames { get; } =
    [
        "train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte",
    ];

    public static ImageCatalog Mnist { get; } = new(
        "mnist",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        [
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
        Accuracy: 0.9751,
        QuickFloor: 0.90);

    public static ImageCatalog Fashion { get; } = new(
        "fashion-mnist",
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        [
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ],
        [
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ],
        Accuracy: 0.8596,
        QuickFloor: 0.78);
}
