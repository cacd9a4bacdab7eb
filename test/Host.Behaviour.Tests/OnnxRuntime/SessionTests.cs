// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>What a session says of its model, and what its options do.</summary>
[TestClass]
public sealed class SessionTests : OnnxRuntimeTests
{
    [TestMethod]
    public void Names_are_in_the_order_of_the_graph()
    {
        using var session = new InferenceSession(Ranker());

        CollectionAssert.AreEqual(new[] { "x" }, session.InputNames.ToArray());
        CollectionAssert.AreEqual(new[] { "scores", "best", "place" }, session.OutputNames.ToArray());
        CollectionAssert.AreEquivalent(session.OutputNames.ToArray(), session.OutputMetadata.Keys.ToArray());
    }

    [TestMethod]
    public void Metadata_a_free_dimension_is_minus_one_with_its_name()
    {
        using var session = new InferenceSession(Same(TensorElementType.Float, "batch", null, 3));

        NodeMetadata x = session.InputMetadata["x"];

        CollectionAssert.AreEqual(new[] { -1, -1, 3 }, x.Dimensions);
        CollectionAssert.AreEqual(new[] { "batch", "", "" }, x.SymbolicDimensions);
        Assert.AreEqual(OnnxValueType.ONNX_TYPE_TENSOR, x.OnnxValueType);
        Assert.IsTrue(x.IsTensor);
        Assert.IsFalse(x.IsString);
    }

    [TestMethod]
    [DataRow(TensorElementType.Float, typeof(float))]
    [DataRow(TensorElementType.Float16, typeof(Float16))]
    [DataRow(TensorElementType.UInt8, typeof(byte))]
    [DataRow(TensorElementType.Int64, typeof(long))]
    [DataRow(TensorElementType.String, typeof(string))]
    public void Metadata_names_the_type_of_elements(TensorElementType element, Type type)
    {
        using var session = new InferenceSession(Same(element, 2));

        Assert.AreEqual(element, session.InputMetadata["x"].ElementDataType);
        Assert.AreEqual(type, session.InputMetadata["x"].ElementType);
        Assert.AreEqual(element == TensorElementType.String, session.OutputMetadata["y"].IsString);
    }

    [TestMethod]
    public void ModelMetadata_names_producer_and_graph()
    {
        using var session = new InferenceSession(Ranker());

        Assert.AreEqual("tiny", session.ModelMetadata.ProducerName);
        Assert.AreEqual("graph", session.ModelMetadata.GraphName);
    }

    [TestMethod]
    public void Options_have_their_documented_defaults()
    {
        using var options = new SessionOptions();

        Assert.AreEqual(GraphOptimizationLevel.ORT_ENABLE_ALL, options.GraphOptimizationLevel);
        Assert.AreEqual(ExecutionMode.ORT_SEQUENTIAL, options.ExecutionMode);
        Assert.AreEqual(OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING, options.LogSeverityLevel);
        Assert.AreEqual(0, options.IntraOpNumThreads);
        Assert.AreEqual(0, options.InterOpNumThreads);
        Assert.IsTrue(options.EnableMemoryPattern);
        Assert.IsTrue(options.EnableCpuMemArena);
    }

    [TestMethod]
    public void Options_of_every_kind_leave_the_result_as_it_is()
    {
        using var options = new SessionOptions
        {
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL,
            ExecutionMode = ExecutionMode.ORT_PARALLEL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            EnableMemoryPattern = false,
            EnableCpuMemArena = false,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AppendExecutionProvider_CPU();
        using var session = new InferenceSession(Ranker(), options);
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[] { 1, 2, 3 }, [1, 3]);

        using var results = session.Run(run, ["x"], [input], ["scores"]);

        CollectionAssert.AreEqual(new float[] { 5, 12 }, results[0].GetTensorDataAsSpan<float>().ToArray());
    }

    [TestMethod]
    public void AddFreeDimensionOverrideByName_fixes_the_dimension()
    {
        using var options = new SessionOptions();
        options.AddFreeDimensionOverrideByName("batch", 2);
        using var session = new InferenceSession(Ranker(), options);

        CollectionAssert.AreEqual(new[] { 2, 3 }, session.InputMetadata["x"].Dimensions);
    }

    [TestMethod]
    public void Providers_have_the_processor_among_them() =>
        CollectionAssert.Contains(OrtEnv.Instance().GetAvailableProviders(), "CPUExecutionProvider");

    [TestMethod]
    public void AppendExecutionProvider_CUDA_where_it_is_missing_is_an_error_that_can_be_caught()
    {
        using var options = new SessionOptions();
        try
        {
            options.AppendExecutionProvider_CUDA(0);
        }
        catch (Exception e) when (e is OnnxRuntimeException or EntryPointNotFoundException)
        {
            return;
        }
        Assert.Inconclusive("The provider for CUDA is here.");
    }
}
