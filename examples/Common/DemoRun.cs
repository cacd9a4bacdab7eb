// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace ExampleData;

/// <summary>Runs an example from its command line to its exit code.</summary>
internal static class DemoRun
{
    private const int Misused = 2;

    /// <summary>Reads the arguments, gets the images, tells the story.</summary>
    /// <inheritdoc cref="Run(string[], Func{DemoOptions, int})"/>
    public static int Run(string[] arguments, Func<DemoOptions, DemoImages, int> story)
        => Run(arguments, options => story(options, DemoImages.Load(options)));

    /// <summary>Reads the arguments, tells the story.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="story">Gives the exit code.</param>
    /// <returns>What the story gives; 2 for a wrong argument or a damaged file, with the reason on the error output.
    /// </returns>
    public static int Run(string[] arguments, Func<DemoOptions, int> story)
    {
        try
        {
            return story(DemoOptions.Parse(arguments));
        }
        catch (Exception error) when (error is ArgumentException or IOException or InvalidDataException
            or InvalidOperationException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine(error.Message);
            return Misused;
        }
    }
}
