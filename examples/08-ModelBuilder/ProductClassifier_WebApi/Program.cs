// Licensed under the MIT License. See LICENSE in the project root for license information.

// What ML.NET Model Builder writes for a Web API, but for two things: the model file is trained where it is missing,
// and the page that tries the endpoint is left out with its package.
using Microsoft.Extensions.ML;
using ProductCatalog;

const string modelPath = "ProductClassifier.mlnet";
if (!File.Exists(modelPath))
{
    ProductClassifier.Train(modelPath, Path.Combine(AppContext.BaseDirectory, ProductClassifier.RetrainFilePath));
}

// Configure app
var builder = WebApplication.CreateBuilder(args);

builder.Services.AddPredictionEnginePool<ProductClassifier.ModelInput, ProductClassifier.ModelOutput>()
    .FromFile(modelPath);
builder.Services.AddEndpointsApiExplorer();
var app = builder.Build();

// Define prediction route & handler
app.MapPost("/predict",
    async (PredictionEnginePool<ProductClassifier.ModelInput, ProductClassifier.ModelOutput> predictionEnginePool,
        ProductClassifier.ModelInput input) =>
        await Task.FromResult(predictionEnginePool.Predict(input)));

// Run app
app.Run();
