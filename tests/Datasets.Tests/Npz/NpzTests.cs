using System.Buffers.Binary;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class NpzTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_are_read_and_normalised_as_images_are(bool deflated)
    {
        folder.Write("own.npz", NpyBytes.Zip(deflated, NpyBytes.Set([2, 3])));
        var dataset = new Npz(new NpzOptions("own.npz"));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([1, 2, 3], shape.Input);
        Assert.Equal(["0", "1", "2"], shape.ClassNames);
        Assert.Equal((12, 6, (12 + 6) * (6 + 4)), (shape.TrainCount, shape.TestCount, shape.Bytes));
        var data = Assert.IsType<ByteDataset>(dataset.Load(folder.Folders));
        Assert.Equal(Enumerable.Range(0, 72).Select(i => (byte)(i * 7)), data.TrainSamples.Pixels.ToArray());
        Assert.Equal([1, 2, 0, 1, 2, 0], data.Test.Labels.ToArray());
    }

    [Fact]
    public void Floats_are_normalised_by_feature_over_the_training_samples()
    {
        folder.Write("own.npz", NpyBytes.Zip(true, NpyBytes.Set([4], floats: true)));
        var data = new Npz(new NpzOptions("own.npz")).Load(folder.Folders);
        var raw = Rows.Of(new Npz(new NpzOptions("own.npz", Normalize: false)).Load(folder.Folders).Train, 4);
        Assert.Equal(Enumerable.Range(0, 48).Select(i => (i * 7 % 97) - 3.5f), raw);
        var inputs = Rows.Of(data.Train, 4);
        for (var feature = 0; feature < 4; feature++)
        {
            var column = raw.Where((_, i) => i % 4 == feature).Select(value => (double)value).ToArray();
            var (mean, deviation) = (column.Average(), Math.Sqrt(column.Average(value => (value - column.Average()) * (value - column.Average()))));
            Assert.Equal(
                column.Select(value => (value - mean) / deviation), inputs.Where((_, i) => i % 4 == feature).Select(value => (double)value),
                (a, b) => Math.Abs(a - b) < 1e-5);
        }
    }

    public static TheoryData<string> Types => ["|b1", "|i1", "|u1", "<i2", ">i2", "<u2", ">u4", "<i4", ">i8", "<u8", "<f2", ">f2", "<f4", ">f4", "<f8", ">f8"];

    [Theory]
    [MemberData(nameof(Types))]
    public void Every_type_and_byte_order_gives_its_values(string type)
    {
        double[] values = type[1] == 'b' ? [0, 1, 1, 0] : type[1] == 'u' ? [0, 1, 77, 127] : [0, 1, -77, 127];
        var x = NpyBytes.Of<byte>(type, [4, 1], Elements(type, values));
        folder.Write("own.npz", NpyBytes.Zip(false, ("x", x), ("y", NpyBytes.Labels(4, i => i % 2)), ("x_test", x), ("y_test", NpyBytes.Labels(4, _ => 0))));
        var data = new Npz(new NpzOptions("own.npz", Inputs: "x", Labels: "y", Normalize: false)).Load(folder.Folders);
        Assert.Equal(values.Select(value => type == "|u1" ? (float)value * (1 / 255f) : (float)value), Rows.Of(data.Train, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_version_of_the_header_and_both_orders_of_indices_are_read(int version)
    {
        // [2, 2, 3, 2]: sample, row, column, channel.
        var c = Enumerable.Range(0, 24).Select(i => (float)i).ToArray();
        var fortran = Enumerable.Range(0, 24).Select(i => c[(i % 2 * 12) + (i / 2 % 2 * 6) + (i / 4 % 3 * 2) + (i / 12)]).ToArray();
        float[] expected = [0, 2, 4, 6, 8, 10, 1, 3, 5, 7, 9, 11, 12, 14, 16, 18, 20, 22, 13, 15, 17, 19, 21, 23];
        foreach (var x in new[] { NpyBytes.Of<float>("<f4", [2, 2, 3, 2], c, version: version), NpyBytes.Of<float>(
            "<f4", [2, 2, 3, 2], fortran, fortran: true, version) })
        {
            folder.Write(
                "own.npz", NpyBytes.Zip(true, ("x_train", x), ("y_train", NpyBytes.Labels(2, i => i)), ("x_test", x), ("y_test", NpyBytes.Labels(2, i => i))));
            var dataset = new Npz(new NpzOptions("own.npz", Channels: ChannelAxis.Last, Normalize: false));
            Assert.Equal([2, 2, 3], dataset.Describe(folder.Folders).Input);
            Assert.Equal(expected, Rows.Of(dataset.Load(folder.Folders).Train, 12));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Samples_have_natural_groups_by_number(bool floats)
    {
        folder.Write("own.npz", NpyBytes.Zip(false, [.. NpyBytes.Set([2], floats), ("user", NpyBytes.Labels(12, i => 100 - (i % 4)))]));
        var dataset = new Npz(new NpzOptions("own.npz", Groups: "user"));

        Assert.Equal(["97", "98", "99", "100"], dataset.Describe(folder.Folders).GroupNames);
        Assert.Equal(Enumerable.Range(0, 12).Select(i => 3 - (i % 4)), dataset.Load(folder.Folders).Train.Groups.ToArray());
        Assert.NotEqual(new Npz(new NpzOptions("own.npz")).Load(folder.Folders).Fingerprint, dataset.Load(folder.Folders).Fingerprint);
    }

    [Fact]
    public void Groups_must_fit_the_samples()
    {
        folder.Write("own.npz", NpyBytes.Zip(false, [.. NpyBytes.Set([2]), ("user", NpyBytes.Labels(11, i => i)), ("x", NpyBytes.Floats([12], i => i))]));

        string Told(string groups) => Assert.Throws<DataException>(() => new Npz(new NpzOptions("own.npz", Groups: groups)).Describe(folder.Folders)).Message;
        Assert.Contains("user: it is int64 [11]; groups are whole numbers [12]", Told("user"));
        Assert.Contains("x: it is float32 [12]; groups are whole numbers", Told("x"));
        Assert.Contains("it has no array 'users' (groups); it has x_train, y_train, x_test, y_test, user, x; did you mean 'user'?", Told("users"));
    }

    [Fact]
    public void A_share_of_the_rows_becomes_the_test_part_by_the_seed()
    {
        folder.Write("own.npz", NpyBytes.Zip(false, ("x_train", NpyBytes.Floats([100, 1], i => i)), ("y_train", NpyBytes.Labels(100, i => i % 4))));
        (float[] Train, float[] Test) Split(long seed)
        {
            var data = new Npz(new NpzOptions("own.npz", TestShare: 0.2, SplitSeed: seed, Normalize: false)).Load(folder.Folders);
            return (Rows.Of(data.Train, 1), Rows.Of(data.Test, 1));
        }

        var (train, test) = Split(1);
        Assert.Equal((80, 20), (train.Length, test.Length));
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (float)i), train.Concat(test).Order());
        Assert.Equal(test, Split(1).Test);
        Assert.NotEqual(test, Split(2).Test);
        Assert.All(
            Enumerable.Range(0, 20),
            i => Assert.Equal((int)test[i] % 4, new Npz(new NpzOptions("own.npz", TestShare: 0.2)).Load(folder.Folders).Test.Labels[i]));
    }

    [Fact]
    public void Test_arrays_may_lie_in_another_file_and_limits_take_the_first_rows()
    {
        folder.Write("a.npz", NpyBytes.Zip(false, ("x", NpyBytes.Bytes([5, 3], i => i)), ("y", NpyBytes.Labels(5, i => i % 2))));
        folder.Write("b.npz", NpyBytes.Zip(false, ("x", NpyBytes.Bytes([4, 3], i => 100 + i)), ("y", NpyBytes.Labels(4, _ => 1))));
        var dataset = new Npz(new NpzOptions("a.npz", "b.npz", Inputs: "x", Labels: "y", ClassNames: ["no", "yes", "perhaps"], TrainLimit: 2, TestLimit: 1));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal([3], shape.Input);
        Assert.Equal((2, 1), (shape.TrainCount, shape.TestCount));
        Assert.Equal(["no", "yes", "perhaps"], shape.ClassNames);
        var data = (ByteDataset)dataset.Load(folder.Folders);
        Assert.Equal([0, 1, 2, 3, 4, 5], data.TrainSamples.Pixels.ToArray());
        Assert.Equal([100, 101, 102], data.TestSamples.Pixels.ToArray());
    }

    [Fact]
    public void Values_take_the_place_of_labels()
    {
        folder.Write("own.npz", NpyBytes.Zip(
            true, ("x_train", NpyBytes.Bytes([5, 2], i => i)), ("v", NpyBytes.Floats([5, 2], i => i / 2f)), ("x_test", NpyBytes.Bytes([2, 2], i => i)),
            ("y_test", NpyBytes.Labels(4, i => i - 9))));
        var message = Assert.Throws<DataException>(() => new Npz(new NpzOptions("own.npz", Values: "v")).Describe(folder.Folders)).Message;
        Assert.Contains("y_test: it is int64 [4]; values are [2] or [2, values]", message);
        folder.Write("own.npz", NpyBytes.Zip(
            true, ("x_train", NpyBytes.Bytes([5, 2], i => i)), ("v", NpyBytes.Floats([5, 2], i => i / 2f)), ("x_test", NpyBytes.Bytes([2, 2], i => i)),
            ("w", NpyBytes.Floats([2, 2], i => -i))));
        var dataset = new Npz(new NpzOptions("own.npz", Values: "v", TestValues: "w", TrainLimit: 3));
        var shape = dataset.Describe(folder.Folders);
        Assert.Equal((0, 2, 3, 2), (shape.Classes, shape.Values, shape.TrainCount, shape.TestCount));
        var data = dataset.Load(folder.Folders);
        Assert.Equal([0f, 0.5f, 1, 1.5f, 2, 2.5f], data.Train.Values.ToArray());
        Assert.Equal([0f, -1, -2, -3], data.Test.Values.ToArray());
        Assert.True(data.Train.Labels.IsEmpty);
        Assert.NotEqual(
            data.Fingerprint, new Npz(new NpzOptions("own.npz", Values: "v", TestValues: "v", TestInputs: "x_train")).Load(folder.Folders).Fingerprint);
    }

    [Fact]
    public void Options_that_contradict_each_other_are_refused()
    {
        Assert.Equal(
            "testShare", Assert.Throws<OptionException>(() => new Npz(new NpzOptions("a.npz", "b.npz", TestShare: 0.5)).Describe(folder.Folders)).Option);
        Assert.Equal(
            "classNames", Assert.Throws<OptionException>(() => new Npz(new NpzOptions("a.npz", ClassNames: ["a", "a"])).Describe(folder.Folders)).Option);
        Assert.Equal("classNames", Assert.Throws<OptionException>(() => new Npz(new NpzOptions("a.npz", ClassNames: [])).Describe(folder.Folders)).Option);
        Assert.Equal(
            "values", Assert.Throws<OptionException>(() => new Npz(new NpzOptions("a.npz", Values: "v", ClassNames: ["a"])).Describe(folder.Folders)).Option);
        Assert.Equal("testValues", Assert.Throws<OptionException>(() => new Npz(new NpzOptions("a.npz", TestValues: "v")).Describe(folder.Folders)).Option);
    }

    // What NumPy itself writes, where it is installed: arrays of Fortran order too, and every header
    // of the archive with the fields of zip64, as savez has them.
    [Fact(Timeout = 60_000)]
    public async Task What_NumPy_writes_is_read()
    {
        Directory.CreateDirectory(folder["."]);
        const string Script = """
            import sys, numpy as np
            r = np.random.RandomState(3)
            x = r.randn(40, 3, 4, 2)
            labels = (np.arange(40).reshape(40, 1) % 5).astype('>u4')
            assert np.isfortran(np.asfortranarray(x))
            np.savez(sys.argv[1], x_train=np.asfortranarray(x), y_train=np.arange(40, dtype=np.int16) % 5, x_test=x.astype('>f2'), y_test=labels)
            nine = x * 9
            np.savez_compressed(
                sys.argv[2], x_train=nine.astype(np.int32), y_train=np.arange(40) % 2 == 1, x_test=nine.astype(np.int8), y_test=np.zeros(40, np.uint8))
            x.transpose(0, 3, 1, 2).astype('<f4').tofile(sys.argv[3])
            """;
        Assert.SkipUnless(await Python.Run(Script, folder["a.npz"], folder["b.npz"], folder["x.bin"]), "skipped: no Python with NumPy here");
        Assert.True(HasZip64(File.ReadAllBytes(folder["a.npz"])), "This NumPy writes no zip64 fields.");
        var x = new float[40 * 24];
        System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder["x.bin"])).CopyTo(x);
        var a = new Npz(new NpzOptions("a.npz", Channels: ChannelAxis.Last, Normalize: false)).Load(folder.Folders);
        Assert.Equal(x, Rows.Of(a.Train, 24));
        Assert.Equal(x.Select(value => (float)(Half)value), Rows.Of(a.Test, 24));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 5), a.Test.Labels.ToArray());
        var b = new Npz(new NpzOptions("b.npz", Channels: ChannelAxis.Last, Normalize: false)).Load(folder.Folders);
        Assert.Equal(Rows.Of(b.Test, 24), Rows.Of(b.Train, 24));
        Assert.Equal(x.Select(value => MathF.Truncate(value * 9)), Rows.Of(b.Train, 24));
        Assert.Equal(Enumerable.Range(0, 40).Select(i => i % 2), b.Train.Labels.ToArray());
    }

    // In the local header of the first array: the field 1, of sizes in 64 bits.
    private static bool HasZip64(byte[] archive)
    {
        var (name, extra) = (BinaryPrimitives.ReadUInt16LittleEndian(archive.AsSpan(26)), BinaryPrimitives.ReadUInt16LittleEndian(archive.AsSpan(28)));
        return extra >= 20 && BinaryPrimitives.ReadUInt16LittleEndian(archive.AsSpan(30 + name)) == 1;
    }

    private static byte[] Elements(string type, double[] values)
    {
        var size = type[2] - '0';
        var bytes = new byte[values.Length * size];
        Span<byte> whole = stackalloc byte[8];
        for (var i = 0; i < values.Length; i++)
        {
            var element = bytes.AsSpan(i * size, size);
            var bits = (type[1], size) switch
            {
                ('f', 2) => BitConverter.HalfToUInt16Bits((Half)values[i]),
                ('f', 4) => BitConverter.SingleToUInt32Bits((float)values[i]),
                ('f', 8) => BitConverter.DoubleToUInt64Bits(values[i]),
                _ => (ulong)(long)values[i],
            };
            BinaryPrimitives.WriteUInt64LittleEndian(whole, bits);
            whole[..size].CopyTo(element);
            if (type[0] == '>')
            {
                element.Reverse();
            }
        }

        return bytes;
    }
}
