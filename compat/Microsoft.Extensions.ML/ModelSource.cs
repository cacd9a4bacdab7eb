// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.Extensions.ML;

/// <summary>Where the model of a pool lies.</summary>
internal sealed record ModelSource<TData, TPrediction>(string FilePath);
