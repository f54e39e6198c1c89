// What every host has and the language's own library does not declare: text to UTF-8 and back.

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}
