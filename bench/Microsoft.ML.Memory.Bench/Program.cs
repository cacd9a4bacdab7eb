// Licensed under the MIT License. See LICENSE in the project root for license information.

using Microsoft.ML.Memory.Bench;

var benches = new SortedDictionary<string, Action<BenchReport>>
{
    ["ann"] = AnnRows.Run,
    ["disk"] = DiskRows.Run,
    ["disk-child"] = DiskChild.Run,
    ["durable"] = DurableBench.Run,
    ["embed"] = EmbedBench.Run,
    ["export"] = ExportBench.Run,
    ["export-large"] = ExportLargeBench.Run,
    ["groups"] = GroupsBench.Run,
    ["growth"] = GrowthBench.Run,
    ["load"] = LoadBench.Run,
    ["map"] = MapBench.Run,
    ["memory-adaptive"] = AdaptiveRows.Run,
    ["memory-bottleneck"] = BottleneckRows.Run,
    ["memory-compressed"] = CompressedRows.Run,
    ["memory-petl"] = PetlRows.Run,
    ["memory-rerank"] = RerankRows.Run,
    ["memory-unlearning"] = UnlearningRows.Run,
    ["memory-visual"] = ReliabilityRows.Run,
    ["mnist"] = MnistBench.Run,
    ["petl-child"] = PetlChild.Run,
    ["petl"] = TransferBench.Run,
    ["petl-times"] = EpochTimes.Run,
    ["pipeline"] = PipelineBench.Run,
    ["pretrain"] = MicroVitPretraining.Run,
    ["quantized"] = QuantizedRows.Run,
    ["recall"] = RecallBench.Run,
    ["search"] = SearchBench.Run,
    ["serve"] = ServeBench.Run,
    ["single"] = SingleBench.Run,
    ["torch-index"] = TorchIndexBench.Run,
    ["updates"] = UpdatesBench.Run,
};
benches["memory"] = report =>
{
    foreach (string part in benches.Keys.Where(name => name.StartsWith("memory-", StringComparison.Ordinal)))
        benches[part](report);
};
if (args.Length != 1 || !benches.TryGetValue(args[0], out Action<BenchReport>? run))
{
    Console.Error.WriteLine(
        $"The bench must be one of: {string.Join(", ", benches.Keys)}. Got {string.Join(' ', args)}.");
    return 2;
}

var report = new BenchReport(args[0], Console.Out);
run(report);
report.WriteTable();
return 0;
