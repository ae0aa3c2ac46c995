using Orchestrator.Abstractions;
using Orchestrator.RunFolders;

namespace Orchestrator.Runs;

/// <summary>
/// An objective that starts with the parameters of a file. All else is the objective's own. The
/// file is read by whoever begins a run: worker hosts are sent parameters.
/// </summary>
/// <param name="objective">The objective.</param>
/// <param name="from">A .safetensors file, or a run folder.</param>
internal sealed class InitialParameters(IObjective objective, string from) : IObjective
{
    // What a file's names and shapes may take beside its values.
    private const long LongestHeader = 16 << 20;

    private IReadOnlyDictionary<string, SavedTensor>? loaded;

    public ParameterLayout Layout => objective.Layout;

    public string KernelPath => objective.KernelPath;

    public string? Vectors => objective.Vectors;

    public int RecalibrationBatches => objective.RecalibrationBatches;

    /// <summary>Reads the file, for a run that begins later.</summary>
    /// <exception cref="RunRefusedException">As of <see cref="Initialize"/>.</exception>
    public void Load() => loaded = Read();

    /// <summary>What is wrong with the file; null where nothing is.</summary>
    public string? Mistake()
    {
        try
        {
            _ = Read();
            return null;
        }
        catch (RunRefusedException refusal)
        {
            return refusal.Message;
        }
    }

    /// <exception cref="RunRefusedException">The file cannot be read, or is of another
    /// model.</exception>
    public void Initialize(Random random, Span<float> parameters, Span<float> buffers)
    {
        // Buffers that the file has not are the model's own.
        objective.Initialize(random, parameters, buffers);
        var saved = loaded ?? Read();
        Copy(saved, Layout.Parameters, parameters);
        Copy(saved, Layout.Buffers, buffers);
        loaded = null;
    }

    public IReplica CreateReplica(int largestBatch) => objective.CreateReplica(largestBatch);

    public long ReplicaBytes(int largestBatch) => objective.ReplicaBytes(largestBatch);

    public void MergeBuffers(Span<float> buffers, ReadOnlySpan<float> pushed) => objective.MergeBuffers(buffers, pushed);

    private static void Copy(IReadOnlyDictionary<string, SavedTensor> saved, IReadOnlyList<NamedTensor> tensors, Span<float> vector)
    {
        foreach (var tensor in tensors)
        {
            if (saved.TryGetValue(tensor.Name, out var values))
            {
                values.Values.CopyTo(vector.Slice(tensor.Offset, tensor.Length));
            }
        }
    }

    private IReadOnlyDictionary<string, SavedTensor> Read()
    {
        var path = Directory.Exists(from) ? Path.Combine(from, Safetensors.ParametersFileName) : from;
        IReadOnlyDictionary<string, SavedTensor> saved;
        try
        {
            saved = Safetensors.Read(path, (sizeof(float) * ((long)Layout.Length + Layout.BufferLength)) + LongestHeader);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException or ArgumentException)
        {
            throw new RunRefusedException($"'{from}' holds no parameters that can be read: {failure.Message}");
        }

        foreach (var tensor in Layout.Parameters.Concat(Layout.Buffers))
        {
            if (!saved.TryGetValue(tensor.Name, out var found))
            {
                if (Layout.Buffers.Contains(tensor))
                {
                    continue;
                }

                throw new RunRefusedException($"'{path}' has no '{Plain(tensor.Name)}', which the model has; it has {Names(saved.Keys)}");
            }

            if (!found.Shape.SequenceEqual(tensor.Shape))
            {
                throw new RunRefusedException($"'{path}' has '{Plain(tensor.Name)}' of shape [{string.Join(", ", found.Shape)}]; the model's is [{string.Join(", ", tensor.Shape)}]");
            }

            if (Array.FindIndex(found.Values, value => !float.IsFinite(value)) is >= 0 and var bad)
            {
                throw new RunRefusedException($"'{path}' has {found.Values[bad]} in '{Plain(tensor.Name)}', element {bad} (counted from 0); finite numbers are needed");
            }
        }

        var known = Layout.Parameters.Concat(Layout.Buffers).Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        return saved.Keys.FirstOrDefault(name => !known.Contains(name)) is { } other
            ? throw new RunRefusedException($"'{path}' has '{Plain(other)}', which the model has not; it has {Names(known)}")
            : saved;
    }

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return all.Count == 0 ? "nothing" : string.Join(", ", all.Take(8).Select(Plain)) + (all.Count > 8 ? ", ..." : "");
    }

    // Names come from a file.
    private static string Plain(string name) => new([.. name.Take(100).Select(letter => char.IsControl(letter) ? '?' : letter)]);
}
