// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mlcore;
extern alias mldata;

using System.Runtime.CompilerServices;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using InternalCatalog = mldata::Microsoft.ML.Data.IInternalCatalog;
using InternalEnvironment = mlcore::Microsoft.ML.Runtime.IHostEnvironmentInternal;

[assembly: IgnoresAccessChecksTo("Microsoft.ML.Core")]
[assembly: IgnoresAccessChecksTo("Microsoft.ML.Data")]

namespace Microsoft.ML.Transforms.Onnx.Hosting;

/// <summary>What is needed of the host's internals; the real host and its stand-in have the same.</summary>
internal static class HostAccess
{
    public static IHostEnvironment EnvironmentOf(TransformsCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return ((InternalCatalog)(object)catalog).Environment;
    }

    public static (int? Id, bool FallbackToCpu) GpuOf(IHostEnvironment environment)
    {
        var settings = (InternalEnvironment)environment;
        return (settings.GpuDeviceId, settings.FallbackToCpu);
    }

    /// <summary>The shape of a vector column, of a size that is known or not.</summary>
    public static SchemaShape.Column ShapeOf(string name, VectorDataViewType type)
    {
        SchemaShape.Column.VectorKind kind = type.IsKnownSize
            ? SchemaShape.Column.VectorKind.Vector
            : SchemaShape.Column.VectorKind.VariableVector;
        return NewColumn(name, kind, type.ItemType, isKey: false, annotations: null);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations);
}
