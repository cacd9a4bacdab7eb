// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace Microsoft.ML.Memory.Tests.Maps;

/// <summary>Hears progress at once, on the thread that tells it.</summary>
internal sealed class Heard(Action<double> hear) : IProgress<double>
{
    public void Report(double value) => hear(value);
}
