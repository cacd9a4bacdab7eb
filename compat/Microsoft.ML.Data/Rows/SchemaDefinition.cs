// Licensed under the MIT License. See LICENSE in the project root for license information.

using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Which members of a row class are columns, of what name and type; can be changed before use.</summary>
public sealed class SchemaDefinition : List<SchemaDefinition.Column>
{
    internal SchemaDefinition()
    {
    }

    /// <summary>What the columns are for: filling a view, being filled from one, or both.</summary>
    [Flags]
    public enum Direction
    {
        Read = 1,
        Write = 2,
        Both = 3,
    }

    public Column this[string columnName]
    {
        get => Find(column => column.ColumnName == columnName)
            ?? throw HostErrors.ExceptParam(null, nameof(columnName), $"Column '{columnName}' not found");
        set
        {
            int index = FindIndex(column => column.ColumnName == columnName);
            if (index < 0)
                throw HostErrors.ExceptParam(null, nameof(columnName), $"Column '{columnName}' not found");
            this[index] = value;
        }
    }

    public static SchemaDefinition Create(Type userType, Direction direction = Direction.Both)
    {
        HostErrors.CheckValue(null, userType, nameof(userType));
        SchemaDefinition definition = [];
        HashSet<string> names = [];
        foreach (MemberInfo member in RowMembers.Of(userType, direction))
        {
            string name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name;
            if (!names.Add(name))
                throw HostErrors.ExceptParam(null, nameof(userType),
                    $"Duplicate column name '{name}' detected, this is disallowed");
            definition.Add(new Column(member, name, RowMembers.ColumnTypeOf(member, direction)));
        }
        return definition;
    }

    /// <summary>One member as a column.</summary>
    public sealed class Column
    {
        private readonly List<Action<DataViewSchema.Annotations.Builder>> _annotations = [];

        internal Column(MemberInfo member, string columnName, DataViewType columnType)
        {
            Member = member;
            ColumnName = columnName;
            ColumnType = columnType;
        }

        public string MemberName => Member.Name;

        public string ColumnName { get; set; }

        public DataViewType ColumnType { get; set; }

        public DataViewSchema.Annotations Annotations
        {
            get
            {
                DataViewSchema.Annotations.Builder builder = new();
                foreach (Action<DataViewSchema.Annotations.Builder> add in _annotations)
                    add(builder);
                return builder.ToAnnotations();
            }
        }

        internal MemberInfo Member { get; }

        public void AddAnnotation<T>(string kind, T value, DataViewType annotationType) =>
            _annotations.Add(builder => builder.Add(kind, annotationType, (ref T target) => target = value));

        internal void AddAnnotations(DataViewSchema.Annotations annotations) =>
            _annotations.Add(builder => builder.Add(annotations, _ => true));
    }
}
