// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The way from a catalog to the environment it works in.</summary>
internal interface IInternalCatalog
{
    IHostEnvironment Environment { get; }
}

internal static class InternalCatalogExtensions
{
    public static IHostEnvironment GetEnvironment(this IInternalCatalog catalog)
    {
        HostErrors.CheckValue(null, catalog, nameof(catalog));
        return catalog.Environment;
    }
}
