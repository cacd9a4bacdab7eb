// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Says of each step of an example whether it came out as it should.</summary>
internal sealed class Checks
{
    private bool _hasFailed;

    /// <summary>Prints what came out, with a verdict.</summary>
    public void Add(string what, bool holds)
    {
        _hasFailed |= !holds;
        Console.WriteLine($"{what}: {(holds ? "ok" : "FAILED")}.");
    }

    /// <summary>Prints the verdict over all steps.</summary>
    /// <returns>The exit code: 0 when all checks passed, else 1.</returns>
    public int Finish()
    {
        Console.WriteLine(_hasFailed ? "Some checks FAILED" : "All checks passed");
        return _hasFailed ? 1 : 0;
    }
}
