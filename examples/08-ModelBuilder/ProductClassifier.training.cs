// Written by hand in the shape that ML.NET Model Builder generates.
// Licensed under the MIT License. See LICENSE in the project root for license information.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Memory;

namespace ProductCatalog
{
    public partial class ProductClassifier
    {
        public const string RetrainFilePath = @"products.csv";
        public const char RetrainSeparatorChar = ',';
        public const bool RetrainHasHeader = true;
        public const bool RetrainAllowQuoting = false;

        /// <summary>
        /// Train a new model with the provided dataset.
        /// </summary>
        /// <param name="outputModelPath">File path for saving the model, such as ProductClassifier.mlnet.</param>
        /// <param name="inputDataFilePath">Path to the data file for training.</param>
        /// <param name="separatorChar">Separator character for delimited training file.</param>
        /// <param name="hasHeader">Boolean if training file has a header.</param>
        /// <param name="allowQuoting">Boolean if training file has quoted fields.</param>
        public static void Train(string outputModelPath, string inputDataFilePath = RetrainFilePath,
            char separatorChar = RetrainSeparatorChar, bool hasHeader = RetrainHasHeader,
            bool allowQuoting = RetrainAllowQuoting)
        {
            var mlContext = new MLContext();

            var data = LoadIDataViewFromFile(mlContext, inputDataFilePath, separatorChar, hasHeader, allowQuoting);
            var model = RetrainModel(mlContext, data);
            SaveModel(mlContext, model, data, outputModelPath);
        }

        /// <summary>
        /// Load an IDataView from a file path.
        /// </summary>
        public static IDataView LoadIDataViewFromFile(MLContext mlContext, string inputDataFilePath,
            char separatorChar, bool hasHeader, bool allowQuoting)
        {
            return mlContext.Data.LoadFromTextFile<ModelInput>(
                inputDataFilePath, separatorChar, hasHeader, allowQuoting: allowQuoting);
        }

        /// <summary>
        /// Save a model at the specified path.
        /// </summary>
        public static void SaveModel(MLContext mlContext, ITransformer model, IDataView data, string modelSavePath)
        {
            // Pull the data schema from the IDataView used for training the model
            DataViewSchema dataViewSchema = data.Schema;

            using (var fs = File.Create(modelSavePath))
            {
                mlContext.Model.Save(model, dataViewSchema, fs);
            }
        }

        /// <summary>
        /// Retrain model using the pipeline.
        /// </summary>
        public static ITransformer RetrainModel(MLContext mlContext, IDataView trainData)
        {
            var pipeline = BuildPipeline(mlContext);
            var model = pipeline.Fit(trainData);

            return model;
        }

        /// <summary>
        /// build the pipeline that is used from model builder. Use this function to retrain model.
        /// </summary>
        public static IEstimator<ITransformer> BuildPipeline(MLContext mlContext)
        {
            // Data process configuration with pipeline data transformations
            var pipeline = mlContext.Transforms.Concatenate(@"Features",
                    new[] { @"Length", @"Diameter", @"Weight", @"Price", @"Voltage" })
                .Append(mlContext.Transforms.NormalizeMeanVariance(@"Features", @"Features", fixZero: false))
                .Append(mlContext.Transforms.Conversion.MapValueToKey(outputColumnName: @"Category",
                    inputColumnName: @"Category", addKeyValueAnnotationsAsText: false))
                .Append(mlContext.MulticlassClassification.Trainers.VisualMemory(new VisualMemoryOptions()
                    { LabelColumnName = @"Category", FeatureColumnName = @"Features", NeighborCount = 5 }))
                .Append(mlContext.Transforms.Conversion.MapKeyToValue(outputColumnName: @"PredictedLabel",
                    inputColumnName: @"PredictedLabel"));

            return pipeline;
        }
    }
}
