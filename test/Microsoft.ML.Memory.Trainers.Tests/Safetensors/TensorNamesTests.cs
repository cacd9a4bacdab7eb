// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Trainers.Tests.Safetensors;

[TestClass]
public sealed class TensorNamesTests
{
    [TestMethod]
    public void Nearest_counts_letters_and_breaks_ties_by_name()
    {
        string[] near = TensorNames.Nearest(
            "kitten", ["sitting", "mitten", "bitten", "kitte", "kitchen", "x", "unrelated"]);

        CollectionAssert.AreEqual(new[] { "bitten", "kitte", "mitten" }, near);
    }

    [TestMethod]
    public void Nearest_finds_a_name_behind_a_prefix()
    {
        string[] near = TensorNames.Nearest(
            "encoder.layer.0.attention.attention.query.weight",
            ["vit.encoder.layer.0.attention.attention.query.weight", "classifier.weight"]);

        CollectionAssert.AreEqual(new[] { "vit.encoder.layer.0.attention.attention.query.weight" }, near);
    }

    [TestMethod]
    public void Require_lists_all_that_is_missing_or_of_another_shape()
    {
        using SafetensorsFile file = Stored(("layer.0.weight", [2, 3]), ("layer.0.bias", [2]), ("norm", [4]));

        Refusal.Assert<InvalidDataException>(
            "The tensors of 'x' must have the names and shapes of the model. Got 2 missing: "
            + "'layer.1.bias' (did you mean 'layer.0.bias'?), 'query'; "
            + "2 of another shape: 'layer.0.weight' of [2, 3] where [3, 2] is wanted, "
            + "'norm' of [4] where [] is wanted.",
            () => TensorNames.Require(
                file,
                [
                    ("layer.0.weight", [3, 2]), ("layer.0.bias", [2]), ("layer.1.bias", [2]), ("norm", []),
                    ("query", [1]),
                ]));
    }

    [TestMethod]
    public void Require_tensors_that_are_all_there_passes()
    {
        using SafetensorsFile file = Stored(("a", [2, 3]), ("b", []));

        TensorNames.Require(file, [("b", []), ("a", [2, 3])]);
    }

    [TestMethod]
    public void Missing_without_a_near_name_suggests_none()
    {
        using SafetensorsFile file = Stored(("something.else", [1]));

        Refusal.Assert<InvalidDataException>(
            "The tensors of 'x' must hold 'query'. Got 1 others.", () => file.Find("query"));
    }

    private static SafetensorsFile Stored(params (string Name, long[] Shape)[] tensors)
    {
        var writer = new SafetensorsWriter();
        foreach ((string name, long[] shape) in tensors)
            writer.Add(name, shape, new float[shape.Aggregate(1L, (product, length) => product * length)]);
        using var stream = new MemoryStream();
        writer.Write(stream);
        return SafetensorsFile.Read(stream.ToArray(), "x");
    }
}
