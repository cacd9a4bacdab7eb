// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The environment of a component, or of the whole context at the root: makes children and channels.</summary>
internal sealed class HostNode : IHost, IHostEnvironmentInternal
{
    private readonly HostNode _parent;
    private readonly Action<LoggingEventArgs> _log;
    private readonly Lazy<Random> _rand;

    private HostNode(HostNode parent, string name, int? seed)
    {
        _parent = parent;
        _log = parent._log;
        Name = name;
        ComponentCatalog = parent.ComponentCatalog;
        GpuDeviceId = parent.GpuDeviceId;
        FallbackToCpu = parent.FallbackToCpu;
        int actualSeed = seed ?? NextSeed(parent);
        _rand = new Lazy<Random>(() => new Random(actualSeed));
    }

    private HostNode(int? seed, ComponentCatalog catalog, Action<LoggingEventArgs> log)
    {
        _log = log;
        ComponentCatalog = catalog;
        _rand = new Lazy<Random>(() => seed is { } value ? new Random(value) : new Random());
    }

    public ComponentCatalog ComponentCatalog { get; }

    /// <summary>As the parent had it when this was made.</summary>
    public int? GpuDeviceId { get; set; }

    /// <summary>As the parent had it when this was made.</summary>
    public bool FallbackToCpu { get; set; }

    public Random Rand => _rand.Value;

    public string ContextDescription => FullName;

    /// <summary>The component's name, or null at the root.</summary>
    public string Name { get; }

    /// <summary>The name of the component that this one was made for, or null.</summary>
    public string ParentName => _parent?.Name;

    /// <summary>The names from the root down.</summary>
    public string FullName => ParentName is null ? Name : $"{_parent.FullName}; {Name}";

    public static HostNode CreateRoot(int? seed, Action<LoggingEventArgs> log) =>
        new(seed, new ComponentCatalog(), log);

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        this.CheckNonEmpty(name, nameof(name), "Must not be empty");
        return new HostNode(this, name, seed);
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name) =>
        throw this.ExceptNotSupported($"A pipe of {typeof(TMessage)} has no listener.");

    public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

    public TException Process<TException>(TException ex)
        where TException : Exception
    {
        ex.Data["Throwing component"] = "Environment";
        return ex;
    }

    internal void Log(ChannelMessageKind kind, string source, string message) =>
        _log(new LoggingEventArgs(message, kind, source));

    private static int NextSeed(HostNode parent)
    {
        lock (parent._rand)
            return parent.Rand.Next();
    }

    /// <summary>Nobody can ask the context for progress, so nothing is kept.</summary>
    private sealed class SilentProgress : IProgressChannel
    {
        public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction)
        {
        }

        public void Checkpoint(params double?[] values)
        {
        }

        public IProgressChannel StartProgressChannel(string name) => new SilentProgress();

        public void Dispose()
        {
        }
    }
}
