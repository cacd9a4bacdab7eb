// Written by hand in the shape that ML.NET Model Builder generates.
// Licensed under the MIT License. See LICENSE in the project root for license information.
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace ProductCatalog
{
    public partial class ProductClassifier
    {
        /// <summary>
        /// model input class for ProductClassifier.
        /// </summary>
        #region model input class
        public class ModelInput
        {
            [LoadColumn(0)]
            [ColumnName(@"Length")]
            public float Length { get; set; }

            [LoadColumn(1)]
            [ColumnName(@"Diameter")]
            public float Diameter { get; set; }

            [LoadColumn(2)]
            [ColumnName(@"Weight")]
            public float Weight { get; set; }

            [LoadColumn(3)]
            [ColumnName(@"Price")]
            public float Price { get; set; }

            [LoadColumn(4)]
            [ColumnName(@"Voltage")]
            public float Voltage { get; set; }

            [LoadColumn(5)]
            [ColumnName(@"Category")]
            public string Category { get; set; }

        }

        #endregion

        /// <summary>
        /// model output class for ProductClassifier.
        /// </summary>
        #region model output class
        public class ModelOutput
        {
            [ColumnName(@"Length")]
            public float Length { get; set; }

            [ColumnName(@"Diameter")]
            public float Diameter { get; set; }

            [ColumnName(@"Weight")]
            public float Weight { get; set; }

            [ColumnName(@"Price")]
            public float Price { get; set; }

            [ColumnName(@"Voltage")]
            public float Voltage { get; set; }

            [ColumnName(@"Category")]
            public uint Category { get; set; }

            [ColumnName(@"Features")]
            public float[] Features { get; set; }

            [ColumnName(@"PredictedLabel")]
            public string PredictedLabel { get; set; }

            [ColumnName(@"Score")]
            public float[] Score { get; set; }

        }

        #endregion

        private static string MLNetModelPath = Path.GetFullPath("ProductClassifier.mlnet");

        public static readonly Lazy<PredictionEngine<ModelInput, ModelOutput>> PredictEngine =
            new Lazy<PredictionEngine<ModelInput, ModelOutput>>(() => CreatePredictEngine(), true);

        private static PredictionEngine<ModelInput, ModelOutput> CreatePredictEngine()
        {
            var mlContext = new MLContext();
            ITransformer mlModel = mlContext.Model.Load(MLNetModelPath, out var _);
            return mlContext.Model.CreatePredictionEngine<ModelInput, ModelOutput>(mlModel);
        }

        /// <summary>
        /// Use this method to predict scores for all possible labels.
        /// </summary>
        /// <param name="input">model input.</param>
        /// <returns>labels with their scores, best first.</returns>
        public static IOrderedEnumerable<KeyValuePair<string, float>> PredictAllLabels(ModelInput input)
        {
            var predEngine = PredictEngine.Value;
            var result = predEngine.Predict(input);
            return GetSortedScoresWithLabels(result);
        }

        /// <summary>
        /// Map the scores of a result to their labels.
        /// </summary>
        /// <param name="result">prediction to get the labeled scores from.</param>
        /// <returns>labels with their scores, best first.</returns>
        public static IOrderedEnumerable<KeyValuePair<string, float>> GetSortedScoresWithLabels(ModelOutput result)
        {
            var labeledScores = new Dictionary<string, float>();
            var labelNames = GetLabels(result);
            for (int i = 0; i < labelNames.Count(); i++)
            {
                labeledScores.Add(labelNames.ElementAt(i), result.Score[i]);
            }

            return labeledScores.OrderByDescending(c => c.Value);
        }

        /// <summary>
        /// Get the ordered label names.
        /// </summary>
        /// <param name="result">prediction, whose model has the labels.</param>
        /// <returns>list of labels, in the order of the scores.</returns>
        private static IEnumerable<string> GetLabels(ModelOutput result)
        {
            var schema = PredictEngine.Value.OutputSchema;
            var labelColumn = schema.GetColumnOrNull("Category");
            if (labelColumn == null)
            {
                throw new Exception(
                    "Category column not found. Make sure the name searched for matches the name in the schema.");
            }

            var keyNames = new VBuffer<ReadOnlyMemory<char>>();
            labelColumn.Value.GetKeyValues(ref keyNames);
            return keyNames.DenseValues().Select(x => x.ToString());
        }

        /// <summary>
        /// Use this method to predict on <see cref="ModelInput"/>.
        /// </summary>
        /// <param name="input">model input.</param>
        /// <returns><seealso cref="ModelOutput"/></returns>
        public static ModelOutput Predict(ModelInput input)
        {
            var predEngine = PredictEngine.Value;
            return predEngine.Predict(input);
        }
    }
}
