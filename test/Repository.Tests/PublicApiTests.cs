// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;

namespace Microsoft.ML.Memory.Repository;

[TestClass]
public sealed class PublicApiTests
{
    private const string Folder = "test/Repository.Tests/PublicApi";

    [TestMethod]
    [DataRow("Microsoft.ML.Memory")]
    [DataRow("Microsoft.ML.Memory.Transforms")]
    [DataRow("Microsoft.ML.Memory.Trainers")]
    public void Public_api_is_the_approved_one(string assembly)
    {
        string received = string.Concat(ApiListing.Of(Assembly.Load(assembly)).Select(line => line + "\n"));
        string approvedFile = Tree.Absolute($"{Folder}/{assembly}.approved.txt");
        string receivedFile = Tree.Absolute($"artifacts/public-api/{assembly}.received.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(receivedFile)!);
        File.WriteAllText(receivedFile, received);
        bool accept = Environment.GetEnvironmentVariable("MEMORY_ML_ACCEPT_API") == "1";
        if (accept) File.Copy(receivedFile, approvedFile, overwrite: true);
        string approved = File.Exists(approvedFile) ? File.ReadAllText(approvedFile).ReplaceLineEndings("\n") : "";

        string[] was = approved.Split('\n'), isNow = received.Split('\n');
        var gone = was.Except(isNow).Select(line => $"- {line.Trim()}");
        var added = isNow.Except(was).Select(line => $"+ {line.Trim()}");

        Assert.IsTrue(approved == received, $"""
            The public API of {assembly} changed. If that is meant, run 'dotnet run build.cs test --accept-api' or copy
            artifacts/public-api/{assembly}.received.txt to {Folder}/{assembly}.approved.txt,
            and name the change in CHANGELOG.md:
            {string.Join('\n', gone.Concat(added))}
            """);
    }

    [TestMethod]
    public void Listing_shows_modifiers_names_and_defaults()
    {
        string[] lines = [.. ApiListing.Lines(typeof(Sample))];

        CollectionAssert.AreEqual(new[]
        {
            "public abstract class Microsoft.ML.Memory.Repository.PublicApiTests.Sample : System.IDisposable",
            "    protected Sample()",
            "    public System.Collections.Generic.Dictionary<string, int[]> Find<T>(in int first, T second, "
                + "string third = \"x\")",
            "    public abstract void Dispose()",
            "    public const int Answer = 42",
            "    public int Count { get; protected init; }",
            "    public static bool TryGet(out int? value, params long[] more)",
        }, lines, string.Join('\n', lines));
    }

    public abstract class Sample : IDisposable
    {
        public const int Answer = 42;

        public int Count { get; protected init; }

        public static bool TryGet(out int? value, params long[] more) => (value = more.Length) > 0;

        public Dictionary<string, int[]> Find<T>(in int first, T second, string third = "x") =>
            new() { [third + second] = [first, Count] };

        public abstract void Dispose();

        internal void Hidden() => Dispose();
    }
}
