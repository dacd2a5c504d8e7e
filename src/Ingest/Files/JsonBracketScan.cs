namespace AEAnomaly.Ingest.Files;

/// <summary>Finds where a JSON value ends by counting brackets outside of texts; goes on where it stopped when more bytes are there.</summary>
internal struct JsonBracketScan
{
    private int _depth;
    private bool _isEscaped;

    /// <summary>Gets the bytes looked at; all of the value's, once it is finished.</summary>
    public int Length { get; private set; }

    /// <summary>Gets whether the bytes end within a text.</summary>
    public bool IsInText { get; private set; }

    /// <summary>Looks at the bytes beyond those looked at before.</summary>
    /// <param name="bytes">From the value's first byte on.</param>
    /// <returns>Whether the value ends within them.</returns>
    public bool TryFinish(ReadOnlySpan<byte> bytes)
    {
        while (Length < bytes.Length)
        {
            var c = bytes[Length];
            if (IsInText)
            {
                IsInText = c != '"' || _isEscaped;
                _isEscaped = c == '\\' && !_isEscaped;
            }
            else if (c == '"')
            {
                IsInText = true;
            }
            else if (c is (byte)'{' or (byte)'[')
            {
                _depth++;
            }
            else if (c is (byte)'}' or (byte)']')
            {
                // A bracket that closes nothing ends a number or a word before it; alone it is a value of its own, and a bad one, or the file would never be done.
                if (_depth == 0)
                {
                    Length = Math.Max(Length, 1);
                    return true;
                }

                if (--_depth == 0)
                {
                    Length++;
                    return true;
                }
            }
            else if (_depth == 0 && (c is (byte)',' or (byte)'\n' or (byte)' '))
            {
                return true;
            }

            Length++;
        }

        return false;
    }
}
