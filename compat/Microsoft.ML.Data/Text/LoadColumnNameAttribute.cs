// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Data;

/// <summary>Names the columns of a database that a member is read from; text files need LoadColumn.</summary>
[AttributeUsage(AttributeTargets.Field | AttributeTargets.Property)]
public sealed class LoadColumnNameAttribute : Attribute
{
    public LoadColumnNameAttribute(string fieldName)
    {
        FieldNames = [fieldName];
    }

    public LoadColumnNameAttribute(params string[] fieldNames)
    {
        FieldNames = fieldNames;
    }

    internal string[] FieldNames { get; }
}
