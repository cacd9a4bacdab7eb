// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Base of attributes that give a member of a row class a column type from outside the host.</summary>
public abstract class DataViewTypeAttribute : Attribute, IEquatable<DataViewTypeAttribute>
{
    public abstract bool Equals(DataViewTypeAttribute other);

    /// <summary>Tells the host which column type the attribute stands for.</summary>
    public abstract void Register();
}
