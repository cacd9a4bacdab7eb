// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Data;

namespace Microsoft.ML;

/// <summary>Loads files by their paths.</summary>
public static class DataLoaderExtensions
{
    public static IDataView Load(this IDataLoader<IMultiStreamSource> loader, params string[] path) =>
        Marked.NotNull(loader, nameof(loader)).Load(TextPaths.OpenAll(path));
}
