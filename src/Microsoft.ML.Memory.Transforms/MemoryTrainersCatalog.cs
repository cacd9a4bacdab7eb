// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML;

/// <summary>
/// Memory classifiers in <c>mlContext.MulticlassClassification.Trainers</c>, and kNN regression in
/// <c>mlContext.Regression.Trainers</c>.
/// </summary>
public static class MemoryTrainersCatalog
{
    extension(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
    {
        /// <summary>Makes a kNN visual memory: it remembers the examples and lets the nearest vote.</summary>
        /// <param name="labelColumnName">Name of the label column, a key.</param>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="exampleWeightColumnName">
        /// Name of a Single column that multiplies an entry's votes; null means 1 for all.
        /// </param>
        /// <param name="neighborCount">Number of neighbours that vote, at least 1.</param>
        /// <param name="vote">How much a neighbour's vote weighs.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public VisualMemoryTrainer VisualMemory(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int neighborCount = 50,
            VoteKind vote = VoteKind.Rank)
            => catalog.VisualMemory(new VisualMemoryOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                ExampleWeightColumnName = exampleWeightColumnName,
                NeighborCount = neighborCount,
                Vote = vote,
            });

        /// <summary>Makes a kNN visual memory: it remembers the examples and lets the nearest vote.</summary>
        /// <param name="options">Every setting; <c>new VisualMemoryOptions()</c> is the default.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public VisualMemoryTrainer VisualMemory(VisualMemoryOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);

        /// <summary>Makes a classifier that goes on learning from the stream it predicts: AdaNPC.</summary>
        /// <param name="labelColumnName">Name of the label column, a key.</param>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="neighborCount">Number of neighbours that vote, at least 1.</param>
        /// <param name="confidenceThreshold">
        /// Confidence from which a row is remembered; 0 or less remembers every row, above 1 none.
        /// </param>
        /// <param name="capacity">
        /// Most entries of the memory; null lets it grow by half, or by 2,000 if that is more.
        /// </param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public AdaNpcTrainer AdaNpc(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int neighborCount = 10,
            double confidenceThreshold = 0.5,
            int? capacity = null)
            => catalog.AdaNpc(new AdaNpcOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                NeighborCount = neighborCount,
                ConfidenceThreshold = confidenceThreshold,
                Capacity = capacity,
            });

        /// <summary>Makes a classifier that goes on learning from the stream it predicts: AdaNPC.</summary>
        /// <param name="options">Every setting; <c>new AdaNpcOptions()</c> is the default.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public AdaNpcTrainer AdaNpc(AdaNpcOptions options) => new(HostAccess.EnvironmentOf(catalog), options);

        /// <summary>Makes a discrete key-value bottleneck, which learns task after task without forgetting.</summary>
        /// <param name="labelColumnName">Name of the label column, a key.</param>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="headCount">Number of heads, at least 1.</param>
        /// <param name="pairCount">Pairs of a key and values in each head, at least 1.</param>
        /// <param name="keyDimension">Length of a head's input and keys, at least 1.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public KeyValueBottleneckTrainer KeyValueBottleneck(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int headCount = 256,
            int pairCount = 256,
            int keyDimension = 14)
            => catalog.KeyValueBottleneck(new KeyValueBottleneckOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                HeadCount = headCount,
                PairCount = pairCount,
                KeyDimension = keyDimension,
            });

        /// <summary>Makes a discrete key-value bottleneck, which learns task after task without forgetting.</summary>
        /// <param name="options">Every setting; <c>new KeyValueBottleneckOptions()</c> is the default.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public KeyValueBottleneckTrainer KeyValueBottleneck(KeyValueBottleneckOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);

        /// <summary>Makes a compressed memory, which keeps a few bits of every example.</summary>
        /// <param name="labelColumnName">Name of the label column, a key.</param>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="codeCount">Number of codes, at least 1.</param>
        /// <param name="read">How distances to codes become votes.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public CompressedMemoryTrainer CompressedMemory(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            int codeCount = 512,
            CodeRead read = CodeRead.Histogram)
            => catalog.CompressedMemory(new CompressedMemoryOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                CodeCount = codeCount,
                Read = read,
            });

        /// <summary>Makes a compressed memory, which keeps a few bits of every example.</summary>
        /// <param name="options">Every setting; <c>new CompressedMemoryOptions()</c> is the default.</param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public CompressedMemoryTrainer CompressedMemory(CompressedMemoryOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);
    }

    extension(RegressionCatalog.RegressionTrainers catalog)
    {
        /// <summary>Makes a kNN regression: it remembers the rows and predicts the mean of the nearest.</summary>
        /// <param name="labelColumnName">Name of the label column, a Single.</param>
        /// <param name="featureColumnName">Name of the feature column, a vector of Single with a fixed size.</param>
        /// <param name="exampleWeightColumnName">
        /// Name of a Single column that multiplies what a row counts as a neighbour; null means 1 for all.
        /// </param>
        /// <param name="neighborCount">Number of neighbours whose labels are averaged, at least 1.</param>
        /// <param name="weighting">How much a neighbour counts.</param>
        /// <exception cref="ArgumentException">A setting is out of its range.</exception>
        public NearestNeighborsRegressionTrainer NearestNeighbors(
            string labelColumnName = "Label",
            string featureColumnName = "Features",
            string? exampleWeightColumnName = null,
            int neighborCount = 5,
            NeighborWeighting weighting = NeighborWeighting.Uniform)
            => catalog.NearestNeighbors(new NearestNeighborsRegressionOptions
            {
                LabelColumnName = labelColumnName,
                FeatureColumnName = featureColumnName,
                ExampleWeightColumnName = exampleWeightColumnName,
                NeighborCount = neighborCount,
                Weighting = weighting,
            });

        /// <summary>Makes a kNN regression: it remembers the rows and predicts the mean of the nearest.</summary>
        /// <param name="options">
        /// Every setting; <c>new NearestNeighborsRegressionOptions()</c> is the default.
        /// </param>
        /// <exception cref="ArgumentException">
        /// A setting is out of its range; the message names all that are.
        /// </exception>
        public NearestNeighborsRegressionTrainer NearestNeighbors(NearestNeighborsRegressionOptions options)
            => new(HostAccess.EnvironmentOf(catalog), options);
    }
}
