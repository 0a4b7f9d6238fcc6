"""The words that the rules for names know: titles, degrees, abbreviations."""

from __future__ import annotations

TITLES = frozenset(
    (
        "HJ HAJI HAJJAH DR DRG DRS DRA IR PROF KH KYAI USTAD USTADZ UST PDT PASTOR NY TN "
        "SDR SDRI BPK BAPAK IBU ALM ALMH ALMARHUM ALMARHUMAH"
    ).split()
)
# Letters of a degree as they stand after dots became spaces or vanished.
DEGREES = frozenset(
    (
        "SPD SE SH ST SKOM SSOS SAG SIP SKED SFARM SPDI SKM STP SPSI MM MSI MPD MKOM MH MT MA "
        "MSC MBA PHD BA BSC AMD AMDKEB SP SPT SKEP NERS MKES SPOG SPA APT LC SST SSTP SSI SAP SAB "
        "SIKOM SHI SEI SKG SKH SGZ SHUT SPI SPDSD STRKOM STRKEB STRKEP STRT MPDI MAG MHUM MIKOM "
        "MAP MKN MKEP MFARM MHI AMDKEP AMDKOM AMDGZ AMDAK AMDRAD SPPD SPB SPM SPJP SPTHT SPKK SPKJ "
        "SPS SPU SPOT SPP SPRAD SPAN SPPK SPPA SPBS"
    ).split()
)
# Names with CH that are not Arabic, where CH is no way of writing KH: by how they begin.
CH_STAYS = (
    "CHAN CHAR CHAT CHE CHI CHL CHON CHOW CHOU CHR CHUA CHUN CHUI CHY ARCHI MARCH MICHA MICHE "
    "MICHI RACHE RICH ERICH ULRICH FRIEDRICH ROCHE"
).split()
MUHAMMAD = frozenset(
    (
        "MHD MUH MUCH MOH MOCH MOHD MUHAMAD MOHAMAD MOHAMMAD MOCHAMMAD MOCHAMAD MOHAMMED "
        "MUCHAMAD MUHAMMED MUHAMMAD"
    ).split()
)
WRITTEN_OUT = {
    "ABD": "ABDUL",
    "ABDL": "ABDUL",
    "ACH": "AHMAD",
    "ACHMAD": "AHMAD",
    "AKHMAD": "AHMAD",
    "NR": "NUR",
    "NOOR": "NUR",
    "NOR": "NUR",
    "STI": "SITI",
    "GST": "GUSTI",
    "NGR": "NGURAH",
    "WYN": "WAYAN",
    "NYM": "NYOMAN",
    "IB": "IDA BAGUS",
    "DAYU": "IDA AYU",
    "DG": "DAENG",
    "TB": "TUBAGUS",
    "FX": "FRANSISKUS XAVERIUS",
    "TH": "THERESIA",
}
# Read so only beside a word that is Balinese without doubt: elsewhere MD is Muhammad,
# AA a Sundanese elder brother, PT a company.
BALINESE = frozenset(
    (
        "I NI GUSTI NGURAH WAYAN GEDE PUTU MADE KADEK NENGAH NYOMAN KOMANG KETUT LUH ILUH "
        "COKORDA NGAKAN DESAK"
    ).split()
)
IN_BALI = {"MD": "MADE", "KT": "KETUT", "PT": "PUTU", "AA": "ANAK AGUNG", "IA": "IDA AYU"}
ELSEWHERE = {"MD": "MUHAMMAD"}
# N17. What offices write for a person whose name nobody knows: whole cells, numbers aside.
UNKNOWN_PERSONS = frozenset(
    f"{no} {what}"
    for no in "TIDAK TDK TAK TDAK BELUM BLM TANPA TNP TAK".split()
    for what in (
        "DIKENAL",
        "DIKENALI",
        "KENAL",
        "TERKENAL",
        "DIKETAHUI",
        "DIKETAHUI NAMANYA",
        "TAHU",
        "NAMA",
        "ADA NAMA",
        "BERNAMA",
        "PUNYA NAMA",
        "IDENTITAS",
        "ADA IDENTITAS",
        "BERIDENTITAS",
        "PUNYA IDENTITAS",
        "JELAS",
        "JELAS IDENTITASNYA",
        "TERIDENTIFIKASI",
        "KELUARGA",
        "DIISI",
        "DIBERI NAMA",
        "DIKETAHUI IDENTITASNYA",
    )
) | frozenset(
    (
        "X,XX,XXX,XXXX,NN,N N,NO NAME,NONAME,NO NAMA,UNKNOWN,ANONIM,ANONYMOUS,ANONIMUS,"
        "ORANG TERLANTAR,ORANG TIDAK DIKENAL,ORANG TAK DIKENAL,ORANG GILA,ORANG TUA TERLANTAR,"
        "ANAK JALANAN,ANJAL,ANAK TERLANTAR,ANAK BALITA TERLANTAR,BALITA TERLANTAR,"
        "BAYI TERLANTAR,BAYI BUANGAN,BAYI DIBUANG,BAYI TEMUAN,ANAK TEMUAN,BAYI,BY,"
        "LANSIA TERLANTAR,LANJUT USIA TERLANTAR,LANSIA,ODGJ,ODGJ TERLANTAR,ODMK,GELANDANGAN,"
        "GELANDANGAN PENGEMIS,GEPENG,PENGEMIS,PEMULUNG,TUNA WISMA,TUNAWISMA,TUNA SUSILA,"
        "TUNA RUNGU,TUNA WICARA,TUNA GRAHITA,PENGAMEN,PSIKOTIK,PMKS,PPKS,PENYANDANG DISABILITAS,"
        "MAYAT,JENAZAH,PRIA,WANITA,LAKI LAKI,PEREMPUAN,FULAN,FULANAH,SI FULAN,ORANG HILANG,"
        "KORBAN BENCANA,KLIEN,WARGA BINAAN,PENGHUNI,PASIEN"
    ).split(",")
)
# What may come before or behind such words and says no more who it is.
UNKNOWN_BESIDE = frozenset(
    "MR MRS MISS MS TN TUAN NY NYONYA NN NONA SDR SDRI BPK BAPAK PAK IBU BU AN ANAK".split()
    + "PRIA WANITA LAKI LK PR PEREMPUAN".split()
)
