// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace MemoryServe;

/// <summary>Puts the server together.</summary>
internal static class ServeApp
{
    /// <summary>Builds the server.</summary>
    /// <param name="arguments">Settings as a command line has them, such as --Serve:Model=model.zip.</param>
    /// <param name="configure">Changes the settings and services before the server is built; null leaves them.</param>
    /// <exception cref="OptionsValidationException">A setting is out of its range.</exception>
    public static WebApplication Create(string[] arguments, Action<WebApplicationBuilder>? configure = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(arguments);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // else a line for every request
        configure?.Invoke(builder);
        ServeOptions options = builder.Configuration.GetSection(ServeOptions.Section).Get<ServeOptions>() ?? new();
        if (options.Violations() is { Count: > 0 } violations)
            throw new OptionsValidationException(ServeOptions.Section, typeof(ServeOptions), violations);

        builder.Services.AddSingleton(new ApiKeyGate(options.TakeKeyHash()));
        builder.Configuration[ServeOptions.Section + ":" + nameof(ServeOptions.ApiKey)] = "";
        builder.Services.AddSingleton(Options.Create(options));
        AddServices(builder.Services);
        AddInspector(builder.Services);
        Limit(builder, options);
        WebApplication app = builder.Build();
        app.UseMiddleware<RequestGate>();
        app.UseRequestTimeouts();
        app.UseMiddleware<Problems>();
        Map(app, app.Services);
        return app;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddSingleton<ServeMetrics>();
        services.AddSingleton<ModelLoader>();
        services.AddSingleton<ModelHost>();
        services.AddSingleton<PredictionLog>();
        services.AddSingleton<ChangeGate>();
        services.AddSingleton<PredictionBatcher>();
        services.AddSingleton<ImageUpload>();
        services.AddSingleton<PredictEndpoints>();
        services.AddSingleton<ImageEndpoint>();
        services.AddSingleton<ExplainTurn>();
        services.AddSingleton<ExplainEndpoint>();
        services.AddSingleton<ModelEndpoints>();
        services.AddSingleton<ChangeEndpoints>();
        services.AddSingleton<FileEndpoints>();
        services.AddSingleton<HealthEndpoints>();
        services.AddSingleton<MetricsEndpoint>();
        services.AddHostedService(provider => provider.GetRequiredService<PredictionBatcher>());
        services.AddHostedService<ModelWatcher>();
    }

    private static void AddInspector(IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(PageFiles.OfResources());
        services.TryAddSingleton<AnalysisWork>(MemoryAnalyzer.Analyze);
        services.AddSingleton<Trend>();
        services.AddSingleton<PageEndpoint>();
        services.AddSingleton<EntryChangeEndpoints>();
        services.AddSingleton<InspectionGate>();
        services.AddSingleton<AnalysisRunner>();
        services.AddSingleton<AnalysisEndpoints>();
        services.AddSingleton<TrendEndpoint>();
        services.AddSingleton<Pictures>();
        services.AddSingleton<InspectEndpoint>();
        services.AddSingleton<EntryEndpoints>();
    }

    private static void Limit(WebApplicationBuilder builder, ServeOptions options)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxConcurrentConnections = options.Connections;
            kestrel.Limits.MaxRequestBodySize = options.BodyBytes;
            kestrel.Limits.RequestHeadersTimeout = options.HeaderTimeout;
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        builder.Services.AddRequestTimeouts(timeouts => timeouts.DefaultPolicy = new RequestTimeoutPolicy
        {
            Timeout = options.RequestTimeout,
            TimeoutStatusCode = StatusCodes.Status503ServiceUnavailable,
            WriteTimeoutResponse = context => Problems.WriteAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "The request must be done in time. It took too long."),
        });
    }

    private static void Map(IEndpointRouteBuilder routes, IServiceProvider services)
    {
        services.GetRequiredService<PredictEndpoints>().Map(routes);
        services.GetRequiredService<ImageEndpoint>().Map(routes);
        services.GetRequiredService<ExplainEndpoint>().Map(routes);
        services.GetRequiredService<ModelEndpoints>().Map(routes);
        services.GetRequiredService<ChangeEndpoints>().Map(routes);
        services.GetRequiredService<FileEndpoints>().Map(routes);
        services.GetRequiredService<HealthEndpoints>().Map(routes);
        services.GetRequiredService<MetricsEndpoint>().Map(routes);
        services.GetRequiredService<PageEndpoint>().Map(routes);
        services.GetRequiredService<EntryChangeEndpoints>().Map(routes);
        services.GetRequiredService<InspectEndpoint>().Map(routes);
        services.GetRequiredService<AnalysisEndpoints>().Map(routes);
        services.GetRequiredService<TrendEndpoint>().Map(routes);
        services.GetRequiredService<EntryEndpoints>().Map(routes);
        OpenApiEndpoint.Map(routes);
    }
}
