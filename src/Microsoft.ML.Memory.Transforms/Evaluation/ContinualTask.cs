// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>One of the tasks that a model learns one after the other.</summary>
public sealed class ContinualTask
{
    /// <summary>Keeps the views; neither is read yet.</summary>
    /// <param name="name">How reports call the task; not empty.</param>
    /// <param name="train">Rows to learn from.</param>
    /// <param name="test">Rows with labels to measure accuracy on.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public ContinualTask(string name, IDataView train, IDataView test)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        Name = name;
        Train = train;
        Test = test;
    }

    /// <summary>How reports call the task.</summary>
    public string Name { get; }

    /// <summary>Rows to learn from.</summary>
    public IDataView Train { get; }

    /// <summary>Rows to measure accuracy on.</summary>
    public IDataView Test { get; }
}
