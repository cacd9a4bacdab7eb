// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory;
using Microsoft.ML.Memory.Hosting;

namespace Microsoft.ML;

/// <summary>Fine-tuning in <c>mlContext.MulticlassClassification.Trainers</c>.</summary>
public static class FineTuneCatalog
{
    extension(MulticlassClassificationCatalog.MulticlassClassificationTrainers catalog)
    {
        /// <summary>Makes a trainer that adapts a frozen backbone by the method whose options are given.</summary>
        /// <param name="backbone">The backbone; it must outlive the trainer and every model that it makes.</param>
        /// <param name="options">The method and its settings, such as <see cref="LoraOptions"/>.</param>
        /// <exception cref="ArgumentException">A setting is out of its range; the message names all that are.
        /// </exception>
        public FineTuneTrainer FineTune(Backbone backbone, FineTuneOptions options)
            => new(HostAccess.EnvironmentOf(catalog), backbone, options);
    }
}
