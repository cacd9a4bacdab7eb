// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Knows which column type stands for which .NET type, beyond those that the host brings.</summary>
public static class DataViewTypeManager
{
    private static readonly Lock _lock = new();
    private static readonly Dictionary<RawType, DataViewType> _columnTypes = [];
    private static readonly Dictionary<DataViewType, RawType> _rawTypes = [];

    public static void Register(DataViewType dataViewType, Type type, DataViewTypeAttribute typeAttribute = null)
    {
        HostErrors.CheckValue(null, dataViewType, nameof(dataViewType));
        HostErrors.CheckValue(null, type, nameof(type));
        if (PrimitiveTypes.FromRawType(type) is not null)
            throw HostErrors.ExceptParam(null, nameof(type),
                $"Type {type} has been registered as ML.NET's default supported type, so it can't not be " +
                "registered again.");
        RawType raw = new(type, typeAttribute);
        lock (_lock)
        {
            if (_columnTypes.TryGetValue(raw, out DataViewType known) && !known.Equals(dataViewType))
                throw HostErrors.ExceptParam(null, nameof(type), "Repeated type register. The raw type " +
                    $"{type} has been associated with {known} so it cannot be associated with {dataViewType}.");
            if (_rawTypes.TryGetValue(dataViewType, out RawType other) && !other.Equals(raw))
                throw HostErrors.ExceptParam(null, nameof(dataViewType), "Repeated type register. The DataView type " +
                    $"{dataViewType} has been associated with {other.Type} so it cannot be associated with {type}.");
            _columnTypes[raw] = dataViewType;
            _rawTypes[dataViewType] = raw;
        }
    }

    /// <summary>The registered column type, or null where there is none.</summary>
    internal static DataViewType Find(Type type, DataViewTypeAttribute typeAttribute)
    {
        typeAttribute?.Register();
        lock (_lock)
            return _columnTypes.GetValueOrDefault(new RawType(type, typeAttribute));
    }

    private readonly record struct RawType(Type Type, DataViewTypeAttribute Attribute);
}
