// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory.Trainers.Tests;

/// <summary>Whether libtorch can be loaded here; every test that runs it asks first.</summary>
internal static class TorchTests
{
    private static readonly Lazy<string?> _obstacle = new(Obstacle);

    /// <summary>Ends the test as inconclusive, with the reason, where libtorch cannot be loaded.</summary>
    public static void Require()
    {
        if (_obstacle.Value is { } reason) Assert.Inconclusive($"libtorch cannot be loaded here: {reason}");
    }

    private static string? Obstacle()
    {
        try
        {
            using torch.Tensor one = torch.zeros(1);
            return null;
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or NotSupportedException)
        {
            return (e.InnerException ?? e).Message;
        }
    }
}
