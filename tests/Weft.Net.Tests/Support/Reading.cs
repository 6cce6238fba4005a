namespace Weft.Net.Tests;

internal static class Reading
{
    /// <summary>Waits until there is something: bytes, 0 or <see cref="Connection.Broken"/>.</summary>
    public static async Task<int> ReadAsync(this Connection connection, Memory<byte> buffer)
    {
        while (true)
        {
            var n = connection.TryRead(buffer.Span);
            if (n != Connection.WouldBlock)
            {
                return n;
            }

            if (!await connection.ReadableAsync())
            {
                return Connection.Broken;
            }
        }
    }

    /// <summary>Reads exactly as many bytes as the buffer has.</summary>
    public static async Task ReadFullAsync(this Connection connection, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var n = await connection.ReadAsync(buffer);
            Assert.True(n > 0, $"the stream ended early: {n}");
            buffer = buffer[n..];
        }
    }

    public static byte[] Pattern(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
