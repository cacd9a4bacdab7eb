// Written by hand in the shape that ML.NET Model Builder generates.
// Licensed under the MIT License. See LICENSE in the project root for license information.
using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProductCatalog
{
    public partial class ProductClassifier
    {
        /// <summary>
        /// Permutation feature importance (PFI) measures how much a metric falls when the values of one feature are
        /// shuffled.
        /// </summary>
        /// <param name="mlContext">MLContext</param>
        /// <param name="trainData">Data to evaluate on.</param>
        /// <param name="model">Model to evaluate.</param>
        /// <param name="labelColumnName">Label column being predicted.</param>
        /// <returns>A list of each feature and its importance.</returns>
        public static List<Tuple<string, double>> CalculatePFI(
            MLContext mlContext, IDataView trainData, ITransformer model, string labelColumnName)
        {
            var preprocessedTrainData = model.Transform(trainData);

            var permutationFeatureImportance =
                mlContext.MulticlassClassification
                .PermutationFeatureImportance(
                    model,
                    preprocessedTrainData,
                    labelColumnName: labelColumnName);

            var featureImportanceMetrics =
                permutationFeatureImportance
                .Select((kvp) => new { kvp.Key, kvp.Value.MicroAccuracy })
                .OrderByDescending(myFeatures => Math.Abs(myFeatures.MicroAccuracy.Mean));

            var featurePFI = new List<Tuple<string, double>>();
            foreach (var feature in featureImportanceMetrics)
            {
                var pfiValue = Math.Abs(feature.MicroAccuracy.Mean);
                featurePFI.Add(new Tuple<string, double>(feature.Key, pfiValue));
            }

            return featurePFI;
        }
    }
}
