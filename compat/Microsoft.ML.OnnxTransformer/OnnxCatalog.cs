// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.RowMapping;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>Where networks in ONNX files are made into transforms.</summary>
public static class OnnxCatalog
{
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        FromFile(catalog, [], [], modelFile, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        FromStream(catalog, [], [], modelBytes, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(catalog, [], [], modelFile, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(catalog, [], [], modelBytes, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelFile,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(catalog, [outputColumnName], [inputColumnName], modelFile, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        Stream modelBytes,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(catalog, [outputColumnName], [inputColumnName], modelBytes, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options) =>
        new(HostAccess.EnvironmentOf(catalog), options);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(
            catalog, [outputColumnName], [inputColumnName], modelFile, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string outputColumnName,
        string inputColumnName,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(
            catalog, [outputColumnName], [inputColumnName], modelBytes, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        string modelFile,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(catalog, outputColumnNames, inputColumnNames, modelFile, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        Stream modelBytes,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(catalog, outputColumnNames, inputColumnNames, modelBytes, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(
            catalog, outputColumnNames, inputColumnNames, modelFile, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(
            catalog, outputColumnNames, inputColumnNames, modelBytes, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false,
        int recursionLimit = 100) =>
        FromFile(
            catalog,
            outputColumnNames,
            inputColumnNames,
            modelFile,
            shapeDictionary,
            gpuDeviceId,
            fallbackToCpu,
            recursionLimit);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string[] outputColumnNames,
        string[] inputColumnNames,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false,
        int recursionLimit = 100) =>
        FromStream(
            catalog,
            outputColumnNames,
            inputColumnNames,
            modelBytes,
            shapeDictionary,
            gpuDeviceId,
            fallbackToCpu,
            recursionLimit);

    private static OnnxScoringEstimator FromFile(
        TransformsCatalog catalog,
        string[] outputs,
        string[] inputs,
        string modelFile,
        IDictionary<string, int[]> shapes,
        int? gpuDeviceId,
        bool fallbackToCpu,
        int recursionLimit = 100)
    {
        OnnxOptions options = Options(outputs, inputs, shapes, gpuDeviceId, fallbackToCpu, recursionLimit);
        options.ModelFile = modelFile;
        return new OnnxScoringEstimator(HostAccess.EnvironmentOf(catalog), options);
    }

    private static OnnxScoringEstimator FromStream(
        TransformsCatalog catalog,
        string[] outputs,
        string[] inputs,
        Stream modelBytes,
        IDictionary<string, int[]> shapes,
        int? gpuDeviceId,
        bool fallbackToCpu,
        int recursionLimit = 100)
    {
        OnnxOptions options = Options(outputs, inputs, shapes, gpuDeviceId, fallbackToCpu, recursionLimit);
        return new OnnxScoringEstimator(HostAccess.EnvironmentOf(catalog), options, AllBytes(modelBytes));
    }

    // Read from its beginning, wherever it stands; none at all is refused like a file without a name.
    private static byte[] AllBytes(Stream stream)
    {
        if (stream is null)
            return null;
        MemoryStream bytes = new();
        stream.Seek(0, SeekOrigin.Begin);
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static OnnxOptions Options(
        string[] outputs,
        string[] inputs,
        IDictionary<string, int[]> shapes,
        int? gpuDeviceId,
        bool fallbackToCpu,
        int recursionLimit) => new()
        {
            OutputColumns = outputs,
            InputColumns = inputs,
            ShapeDictionary = shapes,
            GpuDeviceId = gpuDeviceId,
            FallbackToCpu = fallbackToCpu,
            RecursionLimit = recursionLimit,
        };
}
