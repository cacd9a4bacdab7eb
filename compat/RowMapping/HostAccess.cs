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

namespace Microsoft.ML.RowMapping;

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

    /// <summary>A shape with a column put in the place of one of its name, or added.</summary>
    public static SchemaShape With(SchemaShape shape, string name, DataViewType type)
    {
        var vector = type as VectorDataViewType;
        SchemaShape.Column.VectorKind kind = vector is null ? SchemaShape.Column.VectorKind.Scalar
            : vector.IsKnownSize ? SchemaShape.Column.VectorKind.Vector
            : SchemaShape.Column.VectorKind.VariableVector;
        SchemaShape.Column column = NewColumn(name, kind, vector?.ItemType ?? type, isKey: false, annotations: null);
        return new SchemaShape(shape.Where(other => other.Name != name).Append(column));
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape annotations);
}
