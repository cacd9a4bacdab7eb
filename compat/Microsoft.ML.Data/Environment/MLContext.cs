// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>The starting point: catalogs, log, seed and settings.</summary>
public sealed class MLContext : IHostEnvironmentInternal
{
    private readonly HostNode _root;

    public MLContext(int? seed = null)
    {
        Seed = seed;
        _root = HostNode.CreateRoot(seed, message => Log?.Invoke(this, message));
        Data = new DataOperationsCatalog(this);
        Transforms = new TransformsCatalog(this);
        Model = new ModelOperationsCatalog(this);
        MulticlassClassification = new MulticlassClassificationCatalog(this);
        Regression = new RegressionCatalog(this);
    }

    public event EventHandler<LoggingEventArgs> Log;

    internal int? Seed { get; }

    public DataOperationsCatalog Data { get; }

    public TransformsCatalog Transforms { get; }

    public ModelOperationsCatalog Model { get; }

    public MulticlassClassificationCatalog MulticlassClassification { get; }

    public RegressionCatalog Regression { get; }

    public ComponentCatalog ComponentCatalog => _root.ComponentCatalog;

    public int? GpuDeviceId
    {
        get => _root.GpuDeviceId;
        set => _root.GpuDeviceId = value;
    }

    public bool FallbackToCpu
    {
        get => _root.FallbackToCpu;
        set => _root.FallbackToCpu = value;
    }

    public string TempFilePath { get; set; } = Path.GetTempPath();

    string IExceptionContext.ContextDescription => nameof(MLContext);

    IHost IHostEnvironment.Register(string name, int? seed, bool? verbose) => _root.Register(name, seed, verbose);

    IChannel IChannelProvider.Start(string name) => _root.Start(name);

    IPipe<TMessage> IChannelProvider.StartPipe<TMessage>(string name) => _root.StartPipe<TMessage>(name);

    IProgressChannel IProgressChannelProvider.StartProgressChannel(string name) => _root.StartProgressChannel(name);

    TException IExceptionContext.Process<TException>(TException ex) => _root.Process(ex);
}
