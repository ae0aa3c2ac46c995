using Orchestrator.Abstractions;
using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>Collects a replica's operations and owns its memory.</summary>
/// <param name="chunks">Chunks that a group can have.</param>
/// <param name="largestBatch">Samples that a batch can have.</param>
internal sealed unsafe class Workspace<TLanes>(int chunks, int largestBatch) : IDisposable where TLanes : unmanaged, ILanes<TLanes>
{
    // Keeps buffers of equal size from competing for the same cache sets.
    private const int Stagger = 9 * 16;

    private readonly List<NativeVector> memory = [];
    private readonly List<Operation> operations = [];
    private readonly List<Activation> activations = [];
    private readonly Dictionary<Activation, Operation> newestConsumer = [];
    private readonly Dictionary<Activation, Operation> producers = [];
    private readonly HashSet<Activation> shared = [];
    private readonly Dictionary<Activation, List<Operation>> gradientUsers = [];
    private long scratchLength;

    public int Chunks => chunks;

    public int LargestBatch => largestBatch;

    public IReadOnlyList<Operation> Operations => operations;

    /// <summary>Bytes allocated so far.</summary>
    public long Bytes => memory.Sum(vector => (long)vector.Length * sizeof(float));

    /// <summary>Zeroed floats, 64-byte aligned, freed with the workspace.</summary>
    public float* Allocate(long length)
    {
        var vector = new NativeVector(checked((int)length));
        memory.Add(vector);
        TLanes.Allocated(vector.Pointer, vector.Length);
        return vector.Pointer;
    }

    /// <summary>
    /// Memory that every operation may use during a call, without any promise of what stands there
    /// at its start.
    /// </summary>
    public float* Scratch { get; private set; }

    /// <summary>Says how much an operation needs of <see cref="Scratch"/>.</summary>
    public void ReserveScratch(long floats) => scratchLength = Math.Max(scratchLength, floats);

    /// <summary>Once all operations have said what they need.</summary>
    public void AllocateScratch() => Scratch = Allocate(scratchLength);

    public Activation CreateActivation(Volume volume, bool withGradient = true)
    {
        var stride = ((long)volume.Length * TLanes.Count) + Stagger;
        var activation = new Activation(volume, Allocate(stride * chunks), (nint)stride, withGradient);
        activations.Add(activation);
        gradientUsers.Add(activation, []);
        return activation;
    }

    /// <summary>
    /// Gives every gradient its memory, once it is known who uses it: one chunk's (or stripe's) if
    /// it is written and read before the next one comes, else all chunks'.
    /// </summary>
    /// <param name="segments">How the operations run.</param>
    /// <param name="logits">The last activation, whose gradient the loss writes.</param>
    public void AllocateGradients(Segment[] segments, Activation logits)
    {
        foreach (var owned in activations.Where(a => a.HasGradient && !a.GradientOwner.HasGradientInPlace).GroupBy(a => a.GradientOwner))
        {
            var users = owned.SelectMany(a => gradientUsers[a]).Select(user => Array.FindIndex(segments, s => operations.IndexOf(user) < s.End)).Distinct().ToArray();
            var isBrief = users.Length == 1 && !segments[users[0]].WholeBackward && !owned.Contains(logits.Origin);
            var stride = owned.Key.ChunkStride;
            var held = !isBrief ? chunks : segments[users[0]].StripesBackward ? Math.Min(chunks, LogicalLanes<TLanes>.ChunksPerStripe) : 1;
            owned.Key.SetGradients(Allocate((long)stride * held), stride, held);
        }
    }

    /// <summary>
    /// Says that an operation uses an activation's gradient, beyond those that produce or read the
    /// activation.
    /// </summary>
    public void UseGradient(Operation operation, Activation activation) => gradientUsers[activation.Origin].Add(operation);

    /// <summary>
    /// Marks an activation as read by several paths, so that none of them changes it in place.
    /// </summary>
    /// <returns>False if it was marked before.</returns>
    public bool Share(Activation activation) => shared.Add(activation.Origin);

    /// <summary>Appends an operation.</summary>
    public Activation Append(Operation operation, Activation output, params ReadOnlySpan<Activation> inputs)
    {
        AppendReader(operation, inputs);
        producers[output.Origin] = operation;
        UseGradient(operation, output);
        return output;
    }

    /// <summary>Appends an operation that has no output of its own.</summary>
    public void AppendReader(Operation operation, params ReadOnlySpan<Activation> inputs)
    {
        foreach (var input in inputs)
        {
            Read(operation, input);
        }

        operations.Add(operation);
    }

    /// <summary>The producer of a sum has taken in an addend: they share their gradient.</summary>
    public Activation FuseSum(Activation sum, Activation addend)
    {
        Read(producers[sum.Origin], addend);
        addend.ShareGradientOf(sum);
        return sum;
    }

    /// <summary>
    /// The operation whose output an activation is, if nothing has used that output yet.
    /// </summary>
    public Operation? SoleProducer(Activation activation) =>
        newestConsumer.ContainsKey(activation.Origin) || shared.Contains(activation.Origin) ? null : producers.GetValueOrDefault(activation.Origin);

    public void Dispose()
    {
        foreach (var vector in memory)
        {
            vector.Dispose();
        }
    }

    // Of several consumers of one activation the last is the first to write its gradient; the
    // others add to it.
    private void Read(Operation operation, Activation input)
    {
        if (newestConsumer.TryGetValue(input.Origin, out var earlier))
        {
            earlier.Accumulates = true;
        }

        newestConsumer[input.Origin] = operation;
        UseGradient(operation, input);
    }
}
