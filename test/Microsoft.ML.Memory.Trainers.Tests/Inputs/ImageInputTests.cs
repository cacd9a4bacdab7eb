// Licensed under the MIT License. See LICENSE in the project root for license information.

using FsCheck;
using FsCheck.Fluent;
using Microsoft.ML.Data;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML.Memory.Trainers.Tests.Inputs;

[TestClass]
public sealed class ImageInputTests
{
    private const float Exact = 1e-6f; // rounding of single precision around 1
    private static readonly BackboneConfig _colour = new()
    {
        HiddenSize = 8,
        HeadCount = 2,
        IntermediateSize = 8,
        LayerCount = 1,
        PatchSize = 2,
        ImageSize = 4,
    };

    private static readonly BackboneConfig _grey = _colour with { ChannelCount = 1 };

    [TestMethod]
    public void Read_default_options_leave_the_numbers_alone()
    {
        float[] pixels = Numbers(3 * 4 * 4);

        CollectionAssert.AreEqual(pixels, Read(_colour, new ImageInputOptions(), pixels));
    }

    [TestMethod]
    public void Read_interleaved_becomes_planar()
    {
        var options = new ImageInputOptions { Layout = ImageLayout.Interleaved, Width = 2, Height = 2 };
        float[] pixels = [1, 10, 100, 2, 20, 200, 3, 30, 300, 4, 40, 400];

        CollectionAssert.AreEqual(
            new float[] { 1, 2, 3, 4, 10, 20, 30, 40, 100, 200, 300, 400 }, Read(_colour, options, pixels));
    }

    [TestMethod]
    public void Read_scales_then_takes_off_the_mean_then_divides()
    {
        var options = new ImageInputOptions
        {
            Width = 2,
            Height = 2,
            Scale = 0.1,
            Mean = [1, 2, 3],
            StandardDeviation = [0.5, 1, 2],
        };
        float[] pixels = [10, 20, 30, 40, 10, 20, 30, 40, 10, 20, 30, 40];

        AssertClose([0, 2, 4, 6, -1, 0, 1, 2, -1, -0.5f, 0, 0.5f], Read(_colour, options, pixels), Exact);
    }

    [TestMethod]
    public void Read_grey_is_given_to_all_three_channels()
    {
        var options = new ImageInputOptions { Width = 2, Height = 2, Channels = 1, Mean = [0, 1, 2] };

        AssertClose([1, 2, 3, 4, 0, 1, 2, 3, -1, 0, 1, 2], Read(_colour, options, [1, 2, 3, 4]), Exact);
    }

    [TestMethod]
    public void Read_bilinear_half_is_a_triangle_over_four_pixels()
    {
        // Shrinking 8 to 4: a triangle of support 2 weighs pixels 1, 3, 3, 1 of 8, and at the border 3, 3, 1 of 7.
        var options = new ImageInputOptions { Width = 8, Height = 4, Resize = ImageResize.Stretch };
        float[] row = [0, 8, 16, 24, 32, 40, 48, 56];

        float[] read = Read(_grey, options, [.. row, .. row, .. row, .. row]);

        float first = ((3 * 0) + (3 * 8) + 16) / 7f, last = 56 - first;
        AssertClose([first, 20, 36, last], read[..4], 1e-5f);
        AssertClose(read[..4], read[12..], 1e-5f);
    }

    [TestMethod]
    public void Read_bicubic_double_uses_the_four_nearest_pixels()
    {
        // Doubling 2 to 4 with a = -0.5: at a distance of 1/4 the weights of the taps are 111/128 and 29/128 beside
        // -9/128 and -3/128 outside, which renormalise to 111/140 and 29/140 within.
        var options = new ImageInputOptions
        {
            Width = 2,
            Height = 2,
            Resize = ImageResize.Stretch,
            Filter = ImageFilter.Bicubic,
        };

        float[] read = Read(_grey, options, [0, 1, 0, 1]);

        float near = (float)(Cubic(0.75) / (Cubic(0.25) + Cubic(0.75)));
        float border = (float)(Cubic(1.25) / (Cubic(0.25) + Cubic(1.25)));
        AssertClose([Math.Max(0, border), near, 1 - near, Math.Min(1, 1 - border)], read[..4], Exact);
        Assert.IsTrue(border < 0, "the kernel overshoots there, and is cut");
    }

    [TestMethod]
    public void Read_shortest_side_then_crop_keeps_the_centre()
    {
        // 8 x 4 needs no resizing of the shorter side: columns 2 to 5 stay.
        var options = new ImageInputOptions { Width = 8, Height = 4, Resize = ImageResize.ShortestSideThenCrop };
        float[] row = [0, 1, 2, 3, 4, 5, 6, 7];

        float[] read = Read(_grey, options, [.. row, .. row, .. row, .. row]);

        AssertClose([2, 3, 4, 5, 2, 3, 4, 5], read[..8], Exact);
    }

    [TestMethod]
    public void Read_shortest_side_of_more_than_the_size_cuts_all_sides()
    {
        var options = new ImageInputOptions
        {
            Width = 6,
            Height = 6,
            Resize = ImageResize.ShortestSideThenCrop,
            ShortestSide = 6,
        };
        float[] pixels = Numbers(36);

        float[] read = Read(_grey, options, pixels);

        AssertClose([pixels[7], pixels[8], pixels[9], pixels[10]], read[..4], Exact);
        AssertClose([pixels[25], pixels[26], pixels[27], pixels[28]], read[12..], Exact);
    }

    [TestMethod]
    [DataRow(ImageFilter.Bilinear)]
    [DataRow(ImageFilter.Bicubic)]
    public void Read_equals_the_two_dimensional_formula(ImageFilter filter)
    {
        // The reference sums over all pixels of the plane at once, in double precision.
        var config = FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30);
        FsCheck.Check.One(config, Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            int width = random.Next(1, 14), height = random.Next(1, 14);
            // Within a quarter of the range nothing overshoots it.
            float[] pixels = [.. Enumerable.Range(0, width * height).Select(_ => 96 + (64 * random.NextSingle()))];
            var options = new ImageInputOptions
            {
                Width = width,
                Height = height,
                Scale = 1.0 / 255,
                Resize = ImageResize.Stretch,
                Filter = filter,
            };

            float[] read = Read(_grey, options, pixels);

            AssertClose(Reference(pixels, width, height, filter), read, 1e-5f);
        }));
    }

    [TestMethod]
    public void Presets_are_those_of_the_public_checkpoints()
    {
        ImageInputOptions vit = ImagePresets.Vit, dino = ImagePresets.Dinov2, clip = ImagePresets.Clip;

        Assert.AreEqual((1.0 / 255, ImageResize.Stretch, ImageFilter.Bilinear), (vit.Scale, vit.Resize, vit.Filter));
        Assert.AreEqual(
            (256, ImageResize.ShortestSideThenCrop, ImageFilter.Bicubic),
            (dino.ShortestSide, dino.Resize, dino.Filter));
        Assert.AreEqual(
            (null, ImageResize.ShortestSideThenCrop, ImageFilter.Bicubic),
            (clip.ShortestSide, clip.Resize, clip.Filter));
        CollectionAssert.AreEqual(new[] { 0.48145466, 0.4578275, 0.40821073 }, clip.Mean.ToArray());
        CollectionAssert.AreEqual(new[] { 0.229, 0.224, 0.225 }, dino.StandardDeviation.ToArray());
    }

    [TestMethod]
    public void Read_bytes_by_the_preset_of_vit_are_from_minus_one_to_one()
    {
        ImageInputOptions options = ImagePresets.Vit with { Width = 4, Height = 4 };
        float[] pixels = new float[48];
        pixels[0] = 255;

        float[] read = Read(_colour, options, pixels);

        Assert.AreEqual(1f, read[0], Exact);
        Assert.AreEqual(-1f, read[1], Exact);
    }

    [TestMethod]
    public void Read_pixels_beyond_the_range_are_refused_where_they_would_be_cut()
    {
        ImageInputOptions options = ImagePresets.Clip with { Width = 6, Height = 6 };
        float[] pixels = new float[108];
        pixels[50] = 256;

        Refusal.Assert<InvalidOperationException>(
            "Column 'Features' must hold pixels from 0 to 255. Got 256. "
            + "Set FineTuneOptions.Image.Scale to 1 divided by the largest pixel.",
            () => Read(_colour, options, pixels));
    }

    [TestMethod]
    public void Options_that_do_not_fit_the_backbone_are_refused()
    {
        AssertRefused(new() { Channels = 2 }, "Channels must be 3, or 1 for a grey image, to fit the backbone. Got 2.");
        AssertRefused(new() { Mean = [1, 2] }, "Mean must be a list of 0, 1 or 3 numbers. Got 2.");
        AssertRefused(
            new() { Resize = ImageResize.ShortestSideThenCrop, ShortestSide = 3 },
            "ShortestSide must be at least the backbone's size of 4. Got 3.");
        AssertRefused(
            new() { Width = 5 },
            "Width and Height must be multiples of the patch size of 2 where Resize is None. Got 5 x 4.");
    }

    [TestMethod]
    public void Images_that_no_array_holds_are_refused()
    {
        var wide = new ImageInputOptions { Width = 16384, Height = 16384 };
        const string Rule =
            "FineTuneOptions.Image.Width and Height must be those of images of at most 2147483591 values";

        Refusal.Assert<ArgumentException>(
            $"{Rule}. Got 8 x 16384 x 16384.",
            () => BackboneInputs.PlanOf(_colour with { ChannelCount = 8 }, wide));
        Refusal.Assert<ArgumentException>(
            $"{Rule}. Got 64 x 8192 x 8192.",
            () => BackboneInputs.PlanOf(
                _colour with { ChannelCount = 64, ImageSize = 8192 },
                new ImageInputOptions { Width = 4, Height = 4, Resize = ImageResize.Stretch }));
    }

    [TestMethod]
    public void Options_out_of_range_are_all_named()
    {
        var options = new LoraOptions
        {
            Image = new ImageInputOptions { Width = 0, Scale = 0, StandardDeviation = [0, 1], ShortestSide = 4 },
        };

        Refusal.Assert<ArgumentException>(
            "LoraOptions.Image.Width must be null or from 1 to 16384. Got 0. "
            + "LoraOptions.Image.Scale must be finite and above 0. Got 0. "
            + "LoraOptions.Image.StandardDeviation must be a list of finite numbers above 0. Got 0, 1. "
            + "LoraOptions.Image.ShortestSide must be null unless Resize is ShortestSideThenCrop. Got 4.",
            options.Validate);
    }

    [TestMethod]
    public void Find_a_column_of_another_size_is_refused()
    {
        var input = new PixelInput(
            _colour,
            BackboneInputs.PlanOf(_colour, new ImageInputOptions { Width = 6, Layout = ImageLayout.Interleaved }));
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Features", new VectorDataViewType(NumberDataViewType.Single, 48));

        Refusal.Assert<ArgumentException>(
            "Column 'Features' must hold [4, 6, 3] = 72 values an image. Got 48. Resize the images, or say their size "
            + "in FineTuneOptions.Image.",
            () => input.Find(schema.ToSchema(), "Features"));
    }

    private static void AssertRefused(ImageInputOptions options, string message) => Refusal.Assert<ArgumentException>(
        "FineTuneOptions.Image." + message, () => BackboneInputs.PlanOf(_colour, options));

    private static float[] Read(BackboneConfig config, ImageInputOptions options, float[] pixels)
    {
        var plan = BackboneInputs.PlanOf(config, options);
        var input = new PixelInput(config, plan);
        float[] row = new float[input.RowLength];
        var reader = new ImageReader(new Given(pixels), plan, "Features");
        reader.Read(row);
        float[] again = new float[input.RowLength];
        reader.Read(again);
        CollectionAssert.AreEqual(row, again, "buffers that are used again");
        return row;
    }

    private static float[] Reference(float[] pixels, int width, int height, ImageFilter filter)
    {
        var result = new float[16];
        for (int at = 0; at < 16; at++)
        {
            double sum = 0, weights = 0;
            for (int pixel = 0; pixel < pixels.Length; pixel++)
            {
                double weight = Weight(at / 4, pixel / width, height, filter)
                    * Weight(at % 4, pixel % width, width, filter);
                sum += weight * pixels[pixel];
                weights += weight;
            }

            result[at] = (float)(sum / weights / 255);
        }

        return result;
    }

    private static double Weight(int target, int pixel, int length, ImageFilter filter)
    {
        double step = length / 4.0, distance = (pixel + 0.5 - ((target + 0.5) * step)) / Math.Max(1, step);
        return filter == ImageFilter.Bicubic ? Cubic(distance) : Math.Max(0, 1 - Math.Abs(distance));
    }

    // Keys, 1981, with a = -1/2, as two polynomials.
    private static double Cubic(double x)
    {
        x = Math.Abs(x);
        if (x >= 2) return 0;
        return x < 1 ? (1.5 * x * x * x) - (2.5 * x * x) + 1 : (-0.5 * x * x * x) + (2.5 * x * x) - (4 * x) + 2;
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(1, count).Select(i => (float)i)];

    private static void AssertClose(float[] expected, float[] actual, float tolerance)
    {
        Assert.HasCount(expected.Length, actual);
        for (int i = 0; i < expected.Length; i++) Assert.AreEqual(expected[i], actual[i], tolerance, $"value {i}");
    }

    private sealed class Given(float[] values) : IRowReader
    {
        public void Read(Span<float> destination) => values.CopyTo(destination);
    }
}
