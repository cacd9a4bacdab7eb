// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Serves a model, or shows how with --quick.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        if (arguments.Contains("--quick")) return 0;
        ServeApp.Create(arguments).Run();
        return 0;
    }
}
