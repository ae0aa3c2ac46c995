using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Orchestrator.Abstractions;

namespace Orchestrator.RunFolders.Tests;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    // By hand after the format's specification, without our reader.
    [Fact]
    public void Write_LaysOutLengthHeaderAndTensors()
    {
        var layout = new ParameterLayout([new NamedTensor("b", [2], 2), new NamedTensor("a", [1, 2], 0)], [new NamedTensor("mean", [1], 0)]);
        Safetensors.Write(folder.File("p"), layout, [1f, 2f, 3f, 4f], [5f]);

        var file = File.ReadAllBytes(folder.File("p"));
        var headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(file);
        Assert.Equal(0, headerLength % 8);
        Assert.Equal(
            """{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[1,2],"data_offsets":[8,16]},"""
                + """ "mean":{"dtype":"F32","shape":[1],"data_offsets":[16,20]}}""".TrimStart(),
            Encoding.UTF8.GetString(file, 8, headerLength).TrimEnd(' '));
        Assert.Equal(
            [3f, 4f, 1f, 2f, 5f], Enumerable.Range(0, 5).Select(i => BinaryPrimitives.ReadSingleLittleEndian(file.AsSpan(8 + headerLength + (4 * i)))));
        Assert.Equal(8 + headerLength + 20, file.Length);
    }

    [Fact]
    public void Read_GivesWhatWasWritten()
    {
        float[] parameters = [.. Enumerable.Range(0, 20).Select(i => i / 3f)], buffers = [float.NaN, float.NegativeInfinity];
        Safetensors.Write(folder.File("p"), Samples.Layout, parameters, buffers);
        var read = Safetensors.Read(folder.File("p"));
        Assert.Equal(["bn1.running_mean", "conv1.bias", "conv1.weight"], read.Keys.Order());
        Assert.Equal([2, 1, 3, 3], read["conv1.weight"].Shape);
        Assert.Equal(parameters[..18], read["conv1.weight"].Values);
        Assert.Equal(parameters[18..], read["conv1.bias"].Values);
        Assert.Equal(buffers, read["bn1.running_mean"].Values);
    }

    [Fact]
    public void Write_WithoutBuffers_LeavesThemOut()
    {
        Safetensors.Write(folder.File("p"), Samples.Layout, new float[20]);
        Assert.DoesNotContain("bn1.running_mean", Safetensors.Read(folder.File("p")).Keys);
    }

    [Fact]
    public void Write_OfOtherLength_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Safetensors.Write(folder.File("p"), Samples.Layout, new float[19]));

    [Fact]
    public void Read_OfCutOrForeignFile_NamesIt()
    {
        Safetensors.Write(folder.File("p"), Samples.Layout, new float[20]);
        var whole = File.ReadAllBytes(folder.File("p"));
        foreach (var wrong in new[] { [], whole[..7], whole[..100], whole[..^1], Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new int[100])) })
        {
            File.WriteAllBytes(folder.File("p"), wrong);
            Assert.Contains(folder.File("p"), Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.File("p"))).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Read_OfTensorsOverTheSameBytes_NamesTheFile()
    {
        const string Tensor = "{\"dtype\":\"F32\",\"shape\":[65536],\"data_offsets\":[0,262144]}";
        var header = Encoding.UTF8.GetBytes($"{{{string.Join(',', Enumerable.Range(0, 1000).Select(i => $"\"{i}\":{Tensor}"))}}}");
        File.WriteAllBytes(folder.File("p"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[262_144]]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var message = Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.File("p"))).Message;
        Assert.StartsWith(folder.File("p"), message, StringComparison.Ordinal);
        Assert.Contains("lies over the one before it", message, StringComparison.Ordinal);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Theory]
    [InlineData("[-1]", "[4,0]")]
    [InlineData("[-1,-1]", "[0,4]")]
    [InlineData("[1073741824,1073741824,4]", "[0,0]")]
    [InlineData("[0,2147483647,2147483647,2147483647]", "[4,0]")]
    public void Read_OfShapesThatCannotBe_NamesTheFile(string shape, string offsets)
    {
        var header = Encoding.UTF8.GetBytes($$$"""{"w":{"dtype":"F32","shape":{{{shape}}},"data_offsets":{{{offsets}}}}}""");
        File.WriteAllBytes(folder.File("p"), [.. BitConverter.GetBytes((long)header.Length), .. header, .. new byte[16]]);

        Assert.Contains(folder.File("p"), Assert.Throws<InvalidDataException>(() => Safetensors.Read(folder.File("p"))).Message, StringComparison.Ordinal);
    }
}
