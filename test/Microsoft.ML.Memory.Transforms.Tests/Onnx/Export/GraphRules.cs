// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Onnx;

namespace Microsoft.ML.Memory.Transforms.Tests.Onnx.Export;

/// <summary>The rules that every ONNX graph must keep, checked without a runtime.</summary>
internal static class GraphRules
{
    public static ModelProto Check(byte[] bytes)
    {
        ModelProto model = ModelProto.Parser.ParseFrom(bytes);
        Assert.AreEqual(8, model.IrVersion);
        Assert.IsGreaterThanOrEqualTo(17, model.OpsetImport.Single(import => import.Domain.Length == 0).Version);
        var known = new HashSet<string>();
        foreach (TensorProto tensor in model.Graph.Initializer) Assert.IsTrue(known.Add(tensor.Name), tensor.Name);
        foreach (ValueInfoProto input in model.Graph.Input) Assert.IsTrue(known.Add(input.Name), input.Name);
        var nodes = new HashSet<string>();
        foreach (NodeProto node in model.Graph.Node)
        {
            Assert.IsTrue(nodes.Add(node.Name), $"node {node.Name} comes twice");
            foreach (string input in node.Input.Where(input => input.Length > 0))
                Assert.IsTrue(known.Contains(input), $"{node.Name} reads {input}, which comes later or never");
            foreach (string output in node.Output.Where(output => output.Length > 0))
                Assert.IsTrue(known.Add(output), $"{output} is computed twice");
        }

        foreach (ValueInfoProto output in model.Graph.Output) Assert.Contains(output.Name, known);
        return model;
    }
}
