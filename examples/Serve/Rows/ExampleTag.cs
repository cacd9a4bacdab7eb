// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>What an example says beside the columns that a prediction needs.</summary>
internal record struct ExampleTag
{
    /// <summary>Its class as text; null where it was not given, or wrong.</summary>
    public string? Label { get; set; }

    /// <summary>Whether a label was given that is none.</summary>
    public bool IsLabelWrong { get; set; }

    /// <summary>Its id; null lets the memory choose.</summary>
    public long? Id { get; set; }

    /// <summary>What its votes are multiplied with; null means 1.</summary>
    public float? Weight { get; set; }
}
