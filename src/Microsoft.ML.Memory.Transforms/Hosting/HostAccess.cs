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

namespace Microsoft.ML.Memory.Hosting;

/// <summary>The host's internals that estimators need, each behind one method.</summary>
/// <remarks>Saving and loading have their own place, <see cref="ModelStream"/>. Nothing else reaches in.</remarks>
internal static class HostAccess
{
    /// <summary>Gives the environment behind <c>mlContext.SomeCatalog</c>.</summary>
    public static IHostEnvironment EnvironmentOf(object catalog) => ((InternalCatalog)catalog).Environment;

    /// <summary>Gives the number of the GPU that components should use, and whether they may do without it.</summary>
    /// <returns>No number where the CPU is to be used.</returns>
    public static (int? Id, bool FallbackToCpu) GpuOf(IHostEnvironment environment)
    {
        var settings = (InternalEnvironment)environment;
        return (settings.GpuDeviceId, settings.FallbackToCpu);
    }

    /// <summary>Makes one column of a schema shape, which has no public constructor.</summary>
    public static SchemaShape.Column ShapeColumn(
        string name,
        SchemaShape.Column.VectorKind kind,
        DataViewType itemType,
        bool isKey,
        SchemaShape? annotations = null)
        => NewColumn(name, kind, itemType, isKey, annotations);

    /// <summary>Gives the shape of a real schema.</summary>
    public static SchemaShape ShapeOf(DataViewSchema schema) => CreateShape(null, schema);

    /// <summary>Describes a trainer that takes data as it comes and reads it once.</summary>
    public static TrainerInfo TrainerInfo() => NewTrainerInfo(false, false, false, false, false, false);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SchemaShape.Column NewColumn(
        string name, SchemaShape.Column.VectorKind kind, DataViewType itemType, bool isKey, SchemaShape? annotations);

    [UnsafeAccessor(UnsafeAccessorKind.StaticMethod, Name = "Create")]
    private static extern SchemaShape CreateShape(SchemaShape? type, DataViewSchema schema);

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern TrainerInfo NewTrainerInfo(
        bool normalization, bool calibration, bool caching, bool validation, bool test, bool incremental);
}
