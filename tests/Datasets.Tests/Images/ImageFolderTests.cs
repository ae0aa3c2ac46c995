using System.IO.Hashing;
using Orchestrator.Abstractions;

namespace Orchestrator.Datasets.Tests;

public sealed class ImageFolderTests : IDisposable
{
    private static readonly ImageFolderOptions Small = new("own", 4, 5);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Images_of_their_size_are_read_as_they_are_in_planes()
    {
        folder.Write("own/train/b/1.png", Pictures.Png(4, 5, 3, i => i));
        folder.Write("own/train/a/2.PNG", Pictures.Png(4, 5, 3, i => 3 * i));
        folder.Write("own/test/b/x.png", Pictures.Png(4, 5, 1, i => 7 * i));
        var shape = new ImageFolder(Small).Describe(folder.Folders);
        Assert.Equal([3, 4, 5], shape.Input);
        Assert.Equal(["a", "b"], shape.ClassNames);
        Assert.Equal((2, 1, 3 * 64L), (shape.TrainCount, shape.TestCount, shape.Bytes));
        var data = (ByteDataset)new ImageFolder(Small).Load(folder.Folders);
        Assert.Equal([0, 1], data.Train.Labels.ToArray());
        Assert.Equal([1], data.Test.Labels.ToArray());
        Assert.Equal(
            Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 20).Select(i => (byte)(3 * ((3 * i) + channel)))),
            data.TrainSamples.Pixels[..60].ToArray());
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (byte)(7 * (i % 20))), data.TestSamples.Pixels.ToArray());
        Assert.Empty(data.Notes);
    }

    [Fact]
    public void Images_have_natural_groups_at_the_head_of_their_names()
    {
        folder.Write("own/a/f01_1.png", Pictures.Png(4, 5, 3, i => i));
        folder.Write("own/a/f02_1.png", Pictures.Png(4, 5, 3, i => i));
        folder.Write("own/b/f01_2_3.png", Pictures.Png(4, 5, 3, i => i));
        folder.Write("own/b/f03_1.png", Pictures.Png(4, 5, 3, i => i));
        var options = new ImageFolderOptions("own", 4, 5, TestShare: 0.25, GroupSeparator: "_");
        Assert.Equal(["f01", "f02", "f03"], new ImageFolder(options).Describe(folder.Folders).GroupNames);
        Assert.Equal(3, new ImageFolder(options).Load(folder.Folders).Train.Groups.Length);

        folder.Write("own/b/f031.png", Pictures.Png(4, 5, 3, i => i));
        var refused = Assert.Throws<DataException>(() => new ImageFolder(options).Describe(folder.Folders));
        Assert.Contains("f031.png: its name has no group that '_' (groupSeparator) ends", refused.Message);
    }

    [Fact]
    public void A_photograph_is_decoded_as_Pillow_decodes_it()
    {
        folder.Write("own/a/1.jpeg", Pictures.Jpeg);
        folder.Write("own/a/2.jpg", Pictures.Jpeg);
        var data = (ByteDataset)new ImageFolder(new ImageFolderOptions("own", 16, 16, TestShare: 0.5)).Load(folder.Folders);
        var pixels = data.TrainSamples.Pixels;
        int[] found = [pixels[0], pixels[256], pixels[512], pixels[255], pixels[511], pixels[767]];
        Assert.All(found.Zip([2, 2, 2, 238, 238, 238]), pair => Assert.InRange(pair.First, pair.Second - 4, pair.Second + 4));
        Assert.Equal(data.TrainSamples.Pixels.ToArray(), data.TestSamples.Pixels.ToArray());
    }

    [Theory(Timeout = 60_000)]
    [InlineData(5, 40)]
    [InlineData(64, 64)]
    [InlineData(33, 7)]
    [InlineData(1, 1)]
    public async Task Images_are_resized_to_the_bytes_that_Pillow_gives(int height, int width)
    {
        Directory.CreateDirectory(folder["own/c"]);
        const string Script = """
            import sys, random
            from PIL import Image
            r = random.Random(5)
            for i in range(4):
                im = Image.frombytes('RGB', (37, 29), bytes(r.randrange(256) for _ in range(37 * 29 * 3)))
                im.save('%s/c/%d.png' % (sys.argv[1], i))
                small = im.resize((int(sys.argv[3]), int(sys.argv[2])), Image.BILINEAR)
                open('%s/%d.raw' % (sys.argv[1], i), 'wb').write(b''.join(c.tobytes() for c in small.split()))
            """;
        Assert.SkipUnless(await Python.Run(Script, folder["own"], $"{height}", $"{width}"), "skipped: no Python with Pillow here");
        var data = (ByteDataset)new ImageFolder(new ImageFolderOptions("own", height, width, TestShare: 0.25)).Load(folder.Folders);
        byte[][] found = [.. data.TrainSamples.Pixels.ToArray().Chunk(3 * height * width), data.TestSamples.Pixels.ToArray()];
        byte[][] expected = [.. Enumerable.Range(0, 4).Select(i => File.ReadAllBytes(folder[$"own/{i}.raw"]))];
        Assert.All(expected, image => Assert.Contains(found, other => other.AsSpan().SequenceEqual(image)));
    }

    [Fact]
    public void Limits_and_shares_take_images_of_every_class_and_other_files_are_noted()
    {
        foreach (var name in new[] { "x", "y", "z" })
        {
            for (var i = 0; i < 20; i++)
            {
                folder.Write($"own/{name}/{i:00}.png", Pictures.Png(2, 2, 3, p => p + i));
            }

            folder.Write($"own/{name}/readme.txt", 1);
        }

        var data = new ImageFolder(new ImageFolderOptions("own", 4, 4, TestShare: 0.1, TrainLimit: 30)).Load(folder.Folders);
        Assert.Equal((30, 6), (data.Train.Count, data.Test.Count));
        Assert.All(data.Train.Labels.ToArray().CountBy(label => label), pair => Assert.InRange(pair.Value, 7, 13));
        Assert.Contains("3 files that are no .png", Assert.Single(data.Notes));
        Assert.Equal(data.Fingerprint, new ImageFolder(new ImageFolderOptions("own", 4, 4, TestShare: 0.1, TrainLimit: 30)).Load(folder.Folders).Fingerprint);
    }

    [Fact]
    public void Bytes_behind_the_end_of_a_large_image_are_nobodys()
    {
        byte[] image = [.. Pictures.Png(300, 300, 3, i => (int)(XxHash3.HashToUInt64(BitConverter.GetBytes(i)) & 255)), .. new byte[40]];
        foreach (var place in (string[])["train/a", "train/b", "test/a", "test/b"])
        {
            folder.Write($"own/{place}/1.png", image);
        }

        var data = new ImageFolder(new ImageFolderOptions("own", 4, 4)).Load(folder.Folders);

        Assert.True(image.Length > 1 << 17);
        Assert.Equal((2, 2), (data.Train.Count, data.Test.Count));
    }

    [Theory]
    [InlineData("empty", "own/train/a/1.png: it starts with 0x, not as a PNG or JPEG image")]
    [InlineData("text", "own/train/a/1.png: it starts with 0x68656c6c, not as a PNG or JPEG image")]
    [InlineData("half", "own/train/a/1.png: it is truncated: a chunk ends")]
    [InlineData("flipped", "own/train/a/1.png: it is damaged: the checksum of a chunk is wrong")]
    [InlineData("half a photograph", "own/train/a/1.png: it is truncated: it has no end marker")]
    [InlineData("gigapixels", "it has 8,192 x 8,192 pixels; at most 33,554,432 are read")]
    [InlineData("megapixels", "its header claims 4,096 x 4,096 pixels, more than")]
    [InlineData("a bomb", "own/train/a/1.png: its data unfold to more than the 64 bytes of an image of its size")]
    [InlineData("no images", "hold no file whose name ends in .png, .jpg, .jpeg")]
    [InlineData("no classes", "it has 0 folders")]
    [InlineData("no test", "test: there is no such folder")]
    [InlineData("another class", "own/test/c: it is the folder of no class; the classes are a, b")]
    public void A_wrong_folder_or_image_is_named(string kind, string expected)
    {
        byte[] right = Pictures.Png(4, 5, 3, i => i), wrong = kind switch
        {
            "empty" => [],
            "text" => [.. "hello"u8],
            "half" => right[..(right.Length / 2)],
            "flipped" => [.. right[..50], (byte)(right[50] ^ 1), .. right[51..]],
            "half a photograph" => Pictures.Jpeg[..^20],
            "gigapixels" => Huge(0x20),
            "megapixels" => Huge(0x10),
            "a bomb" => Pictures.Bomb(),
            _ => right,
        };
        var end = kind == "no images" ? "gif" : "png";
        folder.Write("own/train/a/0." + end, right);
        folder.Write("own/train/a/1." + end, wrong);
        folder.Write("own/train/b/0." + end, right);
        folder.Write(kind == "another class" ? "own/test/c/0.png" : "own/test/b/0.png", right);
        if (kind == "no test")
        {
            Directory.Delete(folder["own/test"], recursive: true);
        }
        else if (kind == "no classes")
        {
            Directory.Delete(folder["own/train"], recursive: true);
            Directory.CreateDirectory(folder["own/train"]);
        }

        Assert.Contains(expected, Assert.Throws<DataException>(() => new ImageFolder(Small).Load(folder.Folders)).Message);
    }

    [Fact]
    public void Two_channels_are_refused() =>
        Assert.Equal("channels", Assert.Throws<OptionException>(() => new ImageFolder(Small with { Channels = 2 }).Describe(folder.Folders)).Option);

    private static byte[] Huge(byte size)
    {
        var image = Pictures.Png(4, 5, 3, i => i);
        (image[18], image[19]) = (size, 0);
        (image[22], image[23]) = (size, 0);
        return Pictures.WithChecksums(image);
    }
}
