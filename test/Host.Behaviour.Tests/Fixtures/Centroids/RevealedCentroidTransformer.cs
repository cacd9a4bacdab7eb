// Licensed under the MIT License. See LICENSE in the project root for license information.

extern alias mldata;

using Microsoft.ML;
using Microsoft.ML.Data;

namespace Host.Behaviour.Tests.Fixtures.Centroids;

/// <summary>Shows the host's internal interface too, by which it finds the predictor of a chain.</summary>
internal sealed class RevealedCentroidTransformer(
    CentroidModel model, DataViewType featureType, DataViewSchema.Column label)
    : CentroidTransformer(model, featureType, label), mldata::Microsoft.ML.ISingleFeaturePredictionTransformer;
