// Licensed under the MIT License. See LICENSE in the project root for license information.

using TorchSharp;

namespace Microsoft.ML.Memory;

/// <summary>Multiplies queries with all rows on the device, a stretch at a time, and keeps the best of each.</summary>
internal sealed class DeviceScan(DeviceSettings settings, DeviceState state, Func<long, bool>? filter)
{
    private const int MostScores = 1 << 24; // of a stretch, 64 MiB
    private const int FewQueries = 16;
    private const int FewValues = 1 << 21; // widened at once: few enough for a processor's cache
    private const int ManyValues = 1 << 24; // enough for many queries to be worth the widening
    private const int AcceleratorValues = 1 << 26;

    /// <summary>Gives the best rows of each query; cost n·m·d multiplications on the device.</summary>
    /// <param name="queries">n queries.</param>
    /// <param name="keep">Candidates per query at most.</param>
    public DeviceCandidates Best(DeviceQueries queries, int keep)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        using IDisposable noGradients = torch.no_grad();
        torch.Tensor? scores = null, positions = null;
        int start = 0, step = StepOf(queries);
        foreach (DeviceView view in state.Views)
        {
            torch.Tensor biases = view.Biases(filter);
            for (int first = 0; first < view.View.Count; first += step)
            {
                int count = Math.Min(step, view.View.Count - first);
                (torch.Tensor s, torch.Tensor p) = BestOf(queries, view, biases, first, count, start, keep);
                if (scores is not null) (s, p) = Merged(scores, positions!, s, p, keep);
                scores?.Dispose();
                positions?.Dispose();
                (scores, positions) = (s, p);
            }

            start += view.View.Count;
        }

        return new DeviceCandidates(
            (int)scores!.shape[1],
            scores.cpu().data<float>().ToArray(),
            positions!.cpu().data<long>().ToArray(),
            start <= keep);
    }

    private int StepOf(DeviceQueries queries)
    {
        int most = MostScores / queries.Count;
        if (settings.Encoding == VectorEncoding.Single || queries.MultipliesHalves) return most;
        int values = settings.IsCuda ? AcceleratorValues : queries.Count < FewQueries ? FewValues : ManyValues;
        return Math.Min(most, values / settings.Dimension); // d is at most 2^20
    }

    private (torch.Tensor, torch.Tensor) BestOf(
        DeviceQueries queries, DeviceView view, torch.Tensor biases, int first, int count, int start, int keep)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor scores = Scores(queries, view.Rows, biases.narrow(0, first, count), first, count); // [n, count]
        RowSlack slack = view.Rows.SlackOf(first, count);
        bool isOfRows = view.Rows.AreUneven(first, count) && queries.CanSlacken(slack);
        if (isOfRows) queries.Slacken(scores, view.Rows.Slacks!.narrow(0, first, count));
        (torch.Tensor best, torch.Tensor places) = scores.topk(Math.Min(keep, count));
        if (!isOfRows) best.add_(queries.Slacks(slack));
        places.add_(start + first);
        return (best.MoveToOuterDisposeScope(), places.MoveToOuterDisposeScope());
    }

    private static (torch.Tensor, torch.Tensor) Merged(
        torch.Tensor scores, torch.Tensor positions, torch.Tensor moreScores, torch.Tensor morePositions, int keep)
    {
        using DisposeScope scope = torch.NewDisposeScope();
        torch.Tensor all = torch.cat([scores, moreScores], 1);
        (torch.Tensor best, torch.Tensor places) = all.topk((int)Math.Min(keep, all.shape[1]));
        torch.Tensor where = torch.cat([positions, morePositions], 1).gather(1, places);
        moreScores.Dispose();
        morePositions.Dispose();
        return (best.MoveToOuterDisposeScope(), where.MoveToOuterDisposeScope());
    }

    private static torch.Tensor Scores(
        DeviceQueries queries, DeviceRows rows, torch.Tensor biases, int first, int count)
    {
        torch.Tensor codes = rows.Codes.narrow(0, first, count); // [count, d]
        torch.Tensor? scales = rows.Scales?.narrow(0, first, count);
        if (queries.MultipliesHalves)
        {
            return queries.Values.mm(codes.t()).to(torch.float32) // [n, d] x [count, d]ᵀ -> [n, count]
                .mul_(scales!).mul_(queries.Norms!).add_(biases);
        }

        if (scales is not null) codes = codes.to(torch.float32).mul_(scales.unsqueeze(1));
        if (queries.Count > 1) return torch.addmm(biases, queries.Values, codes.t(), 1, 1);
        return codes.mv(queries.Values.select(0, 0)).add_(biases).unsqueeze(0); // [count, d] x [d] -> [1, count]
    }
}
