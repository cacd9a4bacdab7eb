// Licensed under the MIT License. See LICENSE in the project root for license information.

using ExampleData;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Serves the model that the configuration names; with --inspect shows one to a person; with --quick or
/// --demo trains one and does a tour.</summary>
internal static class Program
{
    private const int Misused = 2;

    private static int Main(string[] arguments)
    {
        if (arguments.Contains("--quick") || arguments.Contains("--demo"))
        {
            string[] rest = [.. arguments.Where(argument => argument != "--demo")];
            return DemoRun.Run(
                rest, (options, images) => new Tour(options, images).RunAsync().GetAwaiter().GetResult());
        }

        try
        {
            if (arguments.Contains(InspectRun.Argument)) return InspectRun.Run(arguments);
            ServeApp.Create(arguments).Run();
            return 0;
        }
        catch (OptionsValidationException error)
        {
            foreach (string failure in error.Failures) Console.Error.WriteLine(failure);
            return Misused;
        }
    }
}
