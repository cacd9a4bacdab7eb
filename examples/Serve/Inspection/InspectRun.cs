// Licensed under the MIT License. See LICENSE in the project root for license information.

namespace MemoryServe;

/// <summary>Serves a model to one person on this machine, for the inspector.</summary>
internal static class InspectRun
{
    /// <summary>What the command line must have first for this.</summary>
    public const string Argument = "--inspect";

    private const int Failed = 1;
    private const int Misused = 2;

    /// <summary>Serves until the process is told to end; prints the address of the page, with the key.</summary>
    /// <param name="arguments">--inspect, the path of the model, and settings that are to be others.</param>
    /// <returns>The exit code: 0, or 1 where the model cannot be served, or 2 where there is none.</returns>
    public static int Run(string[] arguments)
    {
        if (arguments is not [Argument, { Length: > 0 } model, .. string[] settings] || model.StartsWith('-'))
        {
            Console.Error.WriteLine($"{Argument} must be followed by the path of a model.zip. Got none.");
            return Misused;
        }

        string key = DemoClient.NewKey();
        using WebApplication app = ServeApp.Create(
        [
            "--urls=http://127.0.0.1:0",
            "--Logging:LogLevel:Default=Warning",
            "--Logging:LogLevel:MemoryServe.ModelWatcher=None", // what it would say is said below
            .. settings,
            $"--Serve:Model={model}",
            $"--Serve:ApiKey={key}", // the last one counts, and this is the one that is printed
        ]);
        app.Start();
        if (app.Services.GetRequiredService<ModelHost>() is { Current: null, Report.Failure: var failure })
        {
            Console.Error.WriteLine($"'{Path.GetFullPath(model)}' cannot be inspected. {failure}");
            return Failed;
        }

        // The part after # stays in the browser: no server and no log gets the key with the address.
        Console.WriteLine($"{app.Urls.First()}/inspector/#key={key}");
        app.WaitForShutdown();
        return 0;
    }
}
