using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>What a host and the server both write to: rings, headers, states and results.</summary>
internal sealed unsafe class Region : IDisposable
{
    private readonly SharedFile file;

    private Region(SharedFile file, RegionLayout layout)
    {
        (this.file, Layout) = (file, layout);
        Results = Views(layout.Results, layout.ResultStride, layout.ResultLength);
        State = layout.StateLength > 0 ? Views(layout.State, layout.StateStride, layout.StateLength) : [];
    }

    public RegionLayout Layout { get; }

    public NativeVector[] Results { get; }

    /// <summary>Empty without a worker rule's state.</summary>
    public NativeVector[] State { get; }

    /// <summary>The file's number among the server's open files.</summary>
    public int FileNumber => file.Number;

    /// <summary>
    /// Makes memory for a host, with fewer slots, or elsewhere, where there is little.
    /// </summary>
    /// <exception cref="TransportException">There is not even room for two gradients per
    /// core.</exception>
    public static Region Create(LinkTerms terms, int cores)
    {
        IOException? full = null;
        foreach (var folder in SharedFile.Folders)
        {
            foreach (var slots in (int[])[(4 * cores) + 1, (2 * cores) + 1])
            {
                try
                {
                    var layout = new RegionLayout(terms, slots);
                    return new Region(SharedFile.Create(folder, layout.Bytes, othersWrite: true), layout);
                }
                catch (IOException e)
                {
                    full = e;
                }
            }
        }

        throw new TransportException($"There is no room for a worker host's {new RegionLayout(terms, (2 * cores) + 1).Bytes >> 20} MB of shared memory ({full!.Message})", full);
    }

    /// <summary>Maps the memory that another process made.</summary>
    public static Region Open(int process, int fileNumber, RegionLayout layout) =>
        new(SharedFile.Open(process, fileNumber, length => length == layout.Bytes, writes: true), layout);

    public ref int Int(long offset) => ref *(int*)(file.Start + offset);

    public ref long Long(long offset) => ref *(long*)(file.Start + offset);

    public ref double Double(long offset) => ref *(double*)(file.Start + offset);

    public Span<byte> Bytes(long offset, int count) => new(file.Start + offset, count);

    public void Dispose() => file.Dispose();

    private NativeVector[] Views(long offset, long stride, int length)
    {
        var views = new NativeVector[Layout.Slots];
        for (var slot = 0; slot < views.Length; slot++)
        {
            views[slot] = NativeVector.View((float*)(file.Start + offset + (slot * stride)), length);
        }

        return views;
    }
}
