// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using System.Runtime.Loader;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Host.Behaviour.Tests.OnnxRuntime;

/// <summary>What is refused, by which code. The text after it is the native library's and changes with it.</summary>
[TestClass]
public sealed class RefusalTests : OnnxRuntimeTests
{
    [TestMethod]
    public void Run_an_input_of_another_name()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[3], [1, 3]);

        OnnxRuntimeException error = Refusal("InvalidArgument", () => session.Run(options, ["z"], [input], ["scores"]));

        Assert.AreEqual("[ErrorCode:InvalidArgument] Input name: 'z' is not in the metadata", error.Message);
    }

    [TestMethod]
    public void Run_an_output_of_another_name()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[3], [1, 3]);

        Refusal("InvalidArgument", () => session.Run(options, ["x"], [input], ["z"]));
    }

    [TestMethod]
    public void Run_another_shape()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new float[4], [1, 4]);

        Refusal("InvalidArgument", () => session.Run(options, ["x"], [input], ["scores"]));
    }

    [TestMethod]
    public void Run_another_element_type()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(new double[3], [1, 3]);

        Refusal("InvalidArgument", () => session.Run(options, ["x"], [input], ["scores"]));
    }

    [TestMethod]
    public void Run_fewer_values_than_names()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions();

        Assert.Throws<Exception>(() => session.Run(options, ["x"], [], ["scores"]));
    }

    [TestMethod]
    public void Run_that_is_told_to_end_ends_and_the_next_one_runs()
    {
        using var session = new InferenceSession(Ranker());
        using var options = new RunOptions { Terminate = true };
        using var input = OrtValue.CreateTensorValueFromMemory(new float[3], [1, 3]);

        Refusal("Fail", () => session.Run(options, ["x"], [input], ["scores"]));
        options.Terminate = false;
        using var results = session.Run(options, ["x"], [input], ["scores"]);

        Assert.HasCount(1, results);
    }


    [TestMethod]
    [DataRow(0.25)]
    [DataRow(0.5)]
    [DataRow(0.9)]
    public void Model_cut_short(double part)
    {
        byte[] model = Ranker();

        Refusal("InvalidProtobuf", () => new InferenceSession(model[..(int)(model.Length * part)]));
    }

    [TestMethod]
    public void Model_that_is_no_model() =>
        Refusal("InvalidProtobuf", () => new InferenceSession("this is no ONNX file"u8.ToArray()));

    [TestMethod]
    public void Model_without_a_byte() => Assert.AreEqual(
        "[ErrorCode:InvalidArgument] No graph was found in the protobuf.",
        Refusal("InvalidArgument", () => new InferenceSession(Array.Empty<byte>())).Message);

    [TestMethod]
    public void Nothing_in_place_of_a_model_or_options()
    {
        Assert.ThrowsExactly<NullReferenceException>(() => new InferenceSession((byte[])null));
        Assert.ThrowsExactly<NullReferenceException>(() => new InferenceSession(Ranker(), (SessionOptions)null));
        var error = Assert.ThrowsExactly<ArgumentNullException>(() => new InferenceSession((string)null));
        Assert.AreEqual("chars", error.ParamName);
    }

    [TestMethod]
    public void Run_without_options()
    {
        using var session = new InferenceSession(Ranker());
        using var input = OrtValue.CreateTensorValueFromMemory(new float[3], [1, 3]);

        Assert.ThrowsExactly<NullReferenceException>(() => session.Run(null, ["x"], [input], ["scores"]));
    }

    [TestMethod]
    public void Model_file_that_is_missing()
    {
        OnnxRuntimeException error = Refusal("NoSuchFile", () => new InferenceSession("no-such-model.onnx"));

        StringAssert.Contains(error.Message, "no-such-model.onnx");
    }

    [TestMethod]
    public void Model_of_an_unknown_opset()
    {
        byte[] model = new TinyModel { Opset = 999 }
            .Input("x", TensorElementType.Float, 1).Output("y", TensorElementType.Float, 1)
            .Node("Identity", ["x"], ["y"]).ToBytes();

        StringAssert.Contains(Refusal("Fail", () => new InferenceSession(model)).Message, "999");
    }

    [TestMethod]
    public void Model_with_an_unknown_operator()
    {
        byte[] model = new TinyModel()
            .Input("x", TensorElementType.Float, 1).Output("y", TensorElementType.Float, 1)
            .Node("Juggle", ["x"], ["y"]).ToBytes();

        StringAssert.Contains(Refusal("InvalidGraph", () => new InferenceSession(model)).Message, "Juggle");
    }

    [TestMethod]
    public void Options_a_missing_native_library_is_an_error_that_can_be_caught()
    {
        var context = new NoNativeLibraries();
        Type options = context.LoadFromAssemblyPath(typeof(SessionOptions).Assembly.Location)
            .GetType(typeof(SessionOptions).FullName, true);

        Exception error = Assert.ThrowsExactly<TargetInvocationException>(
            () => Activator.CreateInstance(options)).InnerException;

        Assert.IsTrue(
            error is DllNotFoundException || error is TypeInitializationException, error.GetType().FullName);
        Assert.IsInstanceOfType<DllNotFoundException>(error.GetBaseException());
        context.Unload();
    }

    private sealed class NoNativeLibraries() : AssemblyLoadContext(isCollectible: true)
    {
        protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
            throw new DllNotFoundException($"There is no '{unmanagedDllName}'.");
    }
}
