using System.Buffers.Binary;

namespace Orchestrator.Datasets.Tests;

/// <summary>Small sets in the form of MNIST.</summary>
internal static class IdxBytes
{
    public const string TrainImages = "train-images-idx3-ubyte";
    public const string TrainLabels = "train-labels-idx1-ubyte";
    public const string TestImages = "t10k-images-idx3-ubyte";
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    public static byte[] Images(int count, int height = 4, int width = 5) =>
        [.. Header(0x0803, (uint)count, (uint)height, (uint)width), .. Enumerable.Range(0, count * height * width).Select(i => (byte)(i * 7))];

    public static byte[] Labels(int count) => [.. Header(0x0801, (uint)count), .. Enumerable.Range(0, count).Select(i => (byte)(i % 10))];

    public static byte[] Header(params ReadOnlySpan<uint> integers)
    {
        var bytes = new byte[4 * integers.Length];
        for (var i = 0; i < integers.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4 * i), integers[i]);
        }

        return bytes;
    }

    /// <summary>Twenty training and ten test images of 4x5.</summary>
    public static void WriteAll(TemporaryFolder folder, string place = "mnist/", string end = "", bool gzip = false)
    {
        (string, byte[])[] files = [(TrainImages, Images(20)), (TrainLabels, Labels(20)), (TestImages, Images(10)), (TestLabels, Labels(10))];
        foreach (var (name, content) in files)
        {
            folder.Write(place + name + end, gzip ? TemporaryFolder.Gzip(content) : content);
        }
    }
}
