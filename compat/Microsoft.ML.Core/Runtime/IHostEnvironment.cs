// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Runtime;

/// <summary>Where components live: gives hosts, channels and the catalog of loadable classes.</summary>
public interface IHostEnvironment : IChannelProvider, IProgressChannelProvider
{
    ComponentCatalog ComponentCatalog { get; }

    IHost Register(string name, int? seed = null, bool? verbose = null);
}

/// <summary>The environment of one component, with a random stream of its own.</summary>
public interface IHost : IHostEnvironment
{
    Random Rand { get; }
}
