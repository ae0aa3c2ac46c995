using Orchestrator.Abstractions;

namespace Orchestrator.Transports;

/// <summary>
/// The vectors that the server sends, in files that hosts map for reading: nothing is copied on the
/// way down. Each file has room for as many vectors as all before it, so that there are few. Used
/// by the server's thread alone.
/// </summary>
internal sealed unsafe class SentMemory(int length) : IDisposable
{
    private const int First = 2;

    private readonly List<SharedFile> files = [];
    private int made;
    private int room;

    /// <summary>From one vector in a file to the next; bytes.</summary>
    public static long Stride(int length) => RegionLayout.Aligned((long)length * sizeof(float));

    /// <summary>A vector, zero at first. It stays readable after this is disposed.</summary>
    /// <exception cref="TransportException">There is no room.</exception>
    public NativeVector Create()
    {
        if (made == room)
        {
            files.Add(Allocate(Math.Max(First, room)));
            room += Math.Max(First, room);
        }

        var file = files[^1];
        var before = room - (file.Length / Stride(length));
        return NativeVector.View((float*)(file.Start + ((made++ - before) * Stride(length))), length, file);
    }

    /// <summary>Where a vector lies.</summary>
    /// <exception cref="ArgumentException">It was not made here.</exception>
    public SentPlace PlaceOf(NativeVector sent)
    {
        foreach (var file in files)
        {
            var offset = (byte*)sent.Pointer - file.Start;
            if (offset >= 0 && offset < file.Length)
            {
                return new SentPlace(file.Number, (int)(offset / Stride(length)));
            }
        }

        throw new ArgumentException("What is sent through shared memory must lie in memory that the link has made.", nameof(sent));
    }

    /// <summary>Lets no host in any more.</summary>
    public void Dispose() => files.ForEach(file => file.Hide());

    private SharedFile Allocate(int count)
    {
        var bytes = checked(count * Stride(length));
        IOException? full = null;
        foreach (var folder in SharedFile.Folders)
        {
            try
            {
                return SharedFile.Create(folder, bytes, othersWrite: false);
            }
            catch (IOException e)
            {
                full = e;
            }
        }

        var folders = string.Join(" or ", SharedFile.Folders);
        throw new TransportException(
            $"Versions that workers compute on need {(bytes + (1 << 20) - 1) >> 20} MB more of shared memory, for which there is no room in {folders}; the transport tcp needs none ({full!.Message})", full);
    }
}

/// <summary>Where a sent vector lies.</summary>
/// <param name="File">Number of the file among the server's open files.</param>
/// <param name="Index">Which of its vectors.</param>
internal readonly record struct SentPlace(int File, int Index);

/// <summary>The same as a host sees it. Used by one thread at a time.</summary>
internal sealed unsafe class SentView(int process, int length)
{
    private readonly Dictionary<int, NativeVector[]> files = [];

    /// <exception cref="ProtocolException">There is no such vector.</exception>
    public NativeVector At(SentPlace place)
    {
        if (!files.TryGetValue(place.File, out var vectors))
        {
            files.Add(place.File, vectors = Open(place.File));
        }

        return (uint)place.Index < (uint)vectors.Length ? vectors[place.Index] : throw new ProtocolException("its shared memory holds work that cannot be");
    }

    private NativeVector[] Open(int number)
    {
        var stride = SentMemory.Stride(length);
        var file = SharedFile.Open(process, number, bytes => bytes > 0 && bytes % stride == 0, writes: false);
        var vectors = new NativeVector[file.Length / stride];
        for (var i = 0; i < vectors.Length; i++)
        {
            vectors[i] = NativeVector.View((float*)(file.Start + (i * stride)), length, file);
        }

        return vectors;
    }
}
