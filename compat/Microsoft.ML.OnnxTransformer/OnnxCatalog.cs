// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.RowMapping;
using Microsoft.ML.Transforms.Onnx;

namespace Microsoft.ML;

/// <summary>Where networks in ONNX files are made into transforms.</summary>
public static class OnnxCatalog
{
    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, string modelFile, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        FromFile(catalog, null, null, modelFile, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog, Stream modelBytes, int? gpuDeviceId = null, bool fallbackToCpu = false) =>
        FromStream(catalog, null, null, modelBytes, null, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        string modelFile,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromFile(catalog, null, null, modelFile, shapeDictionary, gpuDeviceId, fallbackToCpu);

    public static OnnxScoringEstimator ApplyOnnxModel(
        this TransformsCatalog catalog,
        Stream modelBytes,
        IDictionary<string, int[]> shapeDictionary,
        int? gpuDeviceId = null,
        bool fallbackToCpu = false) =>
        FromStream(catalog, null, null, modelBytes, shapeDictionary, gpuDeviceId, fallbackToCpu);

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

    public static OnnxScoringEstimator ApplyOnnxModel(this TransformsCatalog catalog, OnnxOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (string.IsNullOrEmpty(options.ModelFile))
            throw new ArgumentException("ModelFile must name the file of the network.", nameof(options));
        return new OnnxScoringEstimator(HostAccess.EnvironmentOf(catalog), options);
    }

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
        ArgumentException.ThrowIfNullOrEmpty(modelFile);
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
        ArgumentNullException.ThrowIfNull(modelBytes);
        OnnxOptions options = Options(outputs, inputs, shapes, gpuDeviceId, fallbackToCpu, recursionLimit);
        MemoryStream bytes = new();
        modelBytes.CopyTo(bytes);
        return new OnnxScoringEstimator(HostAccess.EnvironmentOf(catalog), options, bytes.ToArray());
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
