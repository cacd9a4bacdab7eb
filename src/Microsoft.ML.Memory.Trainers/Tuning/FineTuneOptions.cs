// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory;

/// <summary>Settings that all ways of fine-tuning share; each method adds its own.</summary>
public abstract record FineTuneOptions
{
    /// <summary>The method's name in saved adapters.</summary>
    internal abstract string Method { get; }

    /// <summary>Makes the method's tensors for a backbone, with their first values.</summary>
    internal abstract Tuning Create(Backbone backbone, SeededRandom random);

    /// <summary>Checks the method's own settings.</summary>
    internal abstract void Validate(OptionViolations violations);
}
